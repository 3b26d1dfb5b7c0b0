package dev.tollgate.approval;

import java.util.List;

/**
 * The call of a tool that waits for leave, as far as a rule can ask about it.
 *
 * @param tool its name; empty where a whole call of the agent waits
 * @param commands what it is to run, command by command; empty where nothing is, or secrets were found in it
 * @param paths files and folders it names; empty where it names none, or secrets were found
 * @param isKnown whether commands and paths are all that its arguments name
 */
public record Wish(String tool, List<String> commands, List<String> paths, boolean isKnown) {
    /** A whole call of the agent. */
    public static final Wish CALL = new Wish("", List.of(), List.of(), false);

    /** Longest arguments of which commands and paths are kept, in characters. */
    static final int MAX_ARGUMENTS = 8_192;
    /** Most commands or paths that are kept. */
    static final int MAX_NAMED = 50;

    public Wish {
        commands = commands == null ? List.of() : List.copyOf(commands);
        paths = paths == null ? List.of() : List.copyOf(paths);
    }

    /** What the arguments of a call tell, none of them a secret. */
    static Wish of(String tool, ToolArguments arguments) {
        boolean isShort = arguments.text().length() <= MAX_ARGUMENTS
                && arguments.commands().size() <= MAX_NAMED
                && arguments.paths().size() <= MAX_NAMED;
        return arguments.isRead() && isShort
                ? new Wish(tool, arguments.commands(), arguments.paths(), true)
                : unknown(tool);
    }

    /** A call whose arguments nobody may see, or can. */
    static Wish unknown(String tool) {
        return new Wish(tool, List.of(), List.of(), false);
    }

    public boolean isToolCall() {
        return !tool.isEmpty();
    }

    @Override
    public String toString() {
        return "Wish[" + tool + ", redacted]";
    }
}
