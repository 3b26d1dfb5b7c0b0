package dev.tollgate.approval;

/**
 * A part of what waits that a reviewer sees whole, and may change.
 *
 * @param path where it stands, as {@link dev.tollgate.exchange.Text#path}; {@value #ARGUMENTS} for the arguments of a tool
 * @param author who wrote it, in a word
 * @param text with every redaction made
 */
public record Passage(String path, String author, String text) {
    /** The path of a tool call's arguments. */
    public static final String ARGUMENTS = "arguments";
    /** Longest passage, in characters. */
    public static final int MAX_LENGTH = 8_192;

    /** What it is, for a sentence. */
    public String named() {
        return path.equals(ARGUMENTS) ? "the arguments" : "what the " + author + " said";
    }

    @Override
    public String toString() {
        return "Passage[" + path + ", redacted]";
    }
}
