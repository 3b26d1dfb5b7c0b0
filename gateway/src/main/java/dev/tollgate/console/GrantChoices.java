package dev.tollgate.console;

import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Wish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What standing leave could be given for, when somebody looks at a ticket: from this very thing to everything of its kind. */
final class GrantChoices {
    /** How long leave may be given for, in minutes. */
    static final List<Integer> MINUTES = List.of(120, 30, 480, 1440, 10_080);
    /** Up to how many dollars; 0 for no limit. */
    static final List<Integer> DOLLARS = List.of(5, 1, 20, 100, 0);

    private static final int MAX_SHOWN = 60;

    private GrantChoices() {}

    /**
     * One thing.
     *
     * @param words for people
     * @param commands as in the scope of a grant
     * @param paths the same
     */
    record What(String words, List<String> commands, List<String> paths) {}

    /** The narrowest first. Their places in the list are what a form sends back. */
    static List<What> of(Ticket ticket) {
        Wish wish = ticket.details().wish();
        List<What> choices = new ArrayList<>();
        if (!wish.isToolCall()) {
            choices.add(new What("what the rule " + ticket.rule() + " holds", List.of(), List.of()));
            return choices;
        }
        if (wish.isKnown() && !wish.commands().isEmpty()) {
            commands(wish.commands(), choices);
        } else if (wish.isKnown() && !wish.paths().isEmpty()) {
            paths(wish.paths(), choices);
        }
        choices.add(new What(
                "any call of " + wish.tool() + " that the rule " + ticket.rule() + " holds", List.of(), List.of()));
        return choices;
    }

    private static void commands(List<String> commands, List<What> choices) {
        String first = commands.getFirst();
        // A star in a command would stand for more than itself.
        if (commands.stream().noneMatch(command -> command.indexOf('*') >= 0)) {
            choices.add(new What("exactly: " + shown(first), commands, List.of()));
        }
        Set<String> like = new LinkedHashSet<>();
        for (String command : commands) {
            String beginning = beginning(command);
            if (beginning.indexOf('*') >= 0) {
                return;
            }
            like.add(beginning);
            like.add(beginning + " *");
        }
        choices.add(new What("commands like: " + shown(beginning(first)) + " …", List.copyOf(like), List.of()));
    }

    /** The program, with its subcommand where it has one: {@code git push}. */
    private static String beginning(String command) {
        String[] words = command.split(" ", 3);
        boolean hasVerb = words.length > 1 && words[1].matches("[a-z][a-z-]{1,20}");
        return hasVerb ? words[0] + " " + words[1] : words[0];
    }

    private static void paths(List<String> paths, List<What> choices) {
        choices.add(new What("only " + shown(String.join(", ", paths)), List.of(), paths));
        if (paths.size() == 1) {
            Path folder = Path.of(paths.getFirst()).getParent();
            if (folder != null && folder.getNameCount() > 0) {
                choices.add(new What("all below " + shown(folder.toString()), List.of(), List.of(folder.toString())));
            }
        }
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /**
     * The scope that somebody has chosen.
     *
     * @param what place in {@link #of}
     * @param isSession whether only calls of the ticket's session
     */
    static GrantScope scope(Ticket ticket, int what, boolean isSession) {
        List<What> choices = of(ticket);
        if (what < 0 || what >= choices.size()) {
            throw Refused.badRequest("there is no choice " + what);
        }
        What chosen = choices.get(what);
        try {
            return new GrantScope(
                    ticket.agent(),
                    ticket.team(),
                    "",
                    isSession ? ticket.session() : "",
                    ticket.rule(),
                    "",
                    ticket.details().wish().tool(),
                    chosen.commands(),
                    chosen.paths());
        } catch (IllegalArgumentException tooMuch) {
            throw Refused.badRequest(String.valueOf(tooMuch.getMessage()));
        }
    }
}
