package dev.tollgate.approval;

/**
 * A call of a tool as a reviewer may read it: with every redaction made.
 *
 * @param tool its name, as the model or the agent wrote it
 * @param arguments as they were written, normally JSON; the beginning where there is too much
 * @param isWhole whether the arguments are there to their end
 */
public record ShownCall(String tool, String arguments, boolean isWhole) {
    /** Longest arguments that are kept with a ticket, in characters. */
    public static final int MAX_LENGTH = Passage.MAX_LENGTH;

    static ShownCall of(String tool, String arguments) {
        return arguments.length() <= MAX_LENGTH
                ? new ShownCall(tool, arguments, true)
                : new ShownCall(tool, NewTurn.cut(arguments, MAX_LENGTH), false);
    }

    @Override
    public String toString() {
        return "ShownCall[" + tool + ", redacted]";
    }
}
