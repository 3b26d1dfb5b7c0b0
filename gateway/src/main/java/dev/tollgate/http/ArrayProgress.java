package dev.tollgate.http;

import org.jspecify.annotations.Nullable;

/**
 * Follows a JSON array as its bytes go by, to know where an element may be added or the array be closed. Each byte is looked at once;
 * malformed JSON is followed as far as it goes.
 */
final class ArrayProgress {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private byte lastToken;

    void feed(byte[] bytes) {
        for (byte b : bytes) {
            if (inString) {
                inString = escaped || b != '"';
                escaped = !escaped && b == '\\';
            } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                token(b);
            }
        }
    }

    private void token(byte b) {
        switch (b) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
        lastToken = b;
    }

    /**
     * What an element must follow to be the last of the array.
     *
     * @return null where none can be added: in the middle of another, or after the end
     */
    @Nullable
    String joint() {
        if (lastToken == 0) {
            return "[";
        }
        boolean between = depth == 1 && !inString && (lastToken == '[' || lastToken == ',' || lastToken == '}');
        if (!between) {
            return null;
        }
        return lastToken == '}' ? "," : "";
    }
}
