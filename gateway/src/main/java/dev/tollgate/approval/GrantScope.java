package dev.tollgate.approval;

import dev.tollgate.value.NamePattern;
import java.util.List;

/**
 * Which calls a standing grant lets pass. What is empty says nothing.
 *
 * @param agent the agent; never empty
 * @param team its team
 * @param key id of the calling key
 * @param session the session
 * @param rule the rule that holds them; never empty
 * @param model where the call may go, as its ticket says it
 * @param tool the tool that is called; empty for whole calls of the agent
 * @param commands what may be run, {@code *} standing for any characters: all that a call runs must be among them
 * @param paths folders and files: all that a call names must be one of them or below
 */
public record GrantScope(
        String agent,
        String team,
        String key,
        String session,
        String rule,
        String model,
        String tool,
        List<String> commands,
        List<String> paths) {
    /** Most commands, and most paths, of a grant. */
    public static final int MAX_PATTERNS = 100;
    /** Longest of its texts, in characters. */
    public static final int MAX_TEXT = 1_000;

    public GrantScope {
        commands = List.copyOf(commands);
        paths = List.copyOf(paths);
        if (agent.isEmpty() || rule.isEmpty()) {
            throw new IllegalArgumentException("a grant needs an agent and a rule");
        }
        if (tool.isEmpty() && !(commands.isEmpty() && paths.isEmpty())) {
            throw new IllegalArgumentException("commands and paths are those of a tool: tool is missing");
        }
        if (commands.size() > MAX_PATTERNS || paths.size() > MAX_PATTERNS) {
            throw new IllegalArgumentException("more than " + MAX_PATTERNS + " commands or paths");
        }
        for (String text : List.of(agent, team, key, session, rule, model, tool)) {
            requireShort(text);
        }
        commands.forEach(GrantScope::requireShort);
        paths.forEach(GrantScope::requireShort);
    }

    private static void requireShort(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a text has " + text.length() + " characters, allowed are " + MAX_TEXT);
        }
    }

    /** Whether a call that is to be held is one of these. What cannot be seen of it is not covered. */
    boolean covers(Ticket draft) {
        Wish wish = draft.details().wish();
        return agent.equals(draft.agent())
                && rule.equals(draft.rule())
                && isOrEmpty(team, draft.team())
                && isOrEmpty(key, draft.key())
                && isOrEmpty(session, draft.session())
                && isOrEmpty(model, draft.model())
                && tool.equals(wish.tool())
                && coversArguments(wish);
    }

    private boolean coversArguments(Wish wish) {
        if (commands.isEmpty() && paths.isEmpty()) {
            return true;
        }
        if (!wish.isKnown() || (commands.isEmpty() && !wish.commands().isEmpty())) {
            // Leave to touch a folder is none to run something in it.
            return false;
        }
        return areCommandsCovered(wish) && arePathsCovered(wish);
    }

    private boolean areCommandsCovered(Wish wish) {
        if (commands.isEmpty()) {
            return true;
        }
        NamePattern allowed = new NamePattern(commands);
        return !wish.commands().isEmpty() && wish.commands().stream().allMatch(allowed::matches);
    }

    private boolean arePathsCovered(Wish wish) {
        return paths.isEmpty()
                || (!wish.paths().isEmpty()
                        && wish.paths().stream().allMatch(path -> paths.stream().anyMatch(top -> isBelow(path, top))));
    }

    private static boolean isBelow(String path, String top) {
        return path.equals(top) || path.startsWith(top.endsWith("/") ? top : top + "/");
    }

    private static boolean isOrEmpty(String wanted, String is) {
        return wanted.isEmpty() || wanted.equals(is);
    }
}
