package dev.tollgate.detect;

import org.jspecify.annotations.Nullable;

/**
 * A text as a reader of JSON strings would see it ({@code https:\/\/} is {@code https://}), which knows where each char was written. A text
 * without a backslash is itself. An escape of which the rest may still come ends it.
 */
final class JsonUnescaped {
    private static final int CODE = 6;

    private final String text;
    /** Where each char begins in what was written, and where the last ends; null where nothing was changed. */
    private final int @Nullable [] starts;

    private final boolean isWhole;

    private JsonUnescaped(String text, int @Nullable [] starts, boolean isWhole) {
        this.text = text;
        this.starts = starts;
        this.isWhole = isWhole;
    }

    /** @param isOver whether no more of it comes */
    static JsonUnescaped of(String written, boolean isOver) {
        if (written.indexOf('\\') < 0) {
            return new JsonUnescaped(written, null, isOver);
        }
        final StringBuilder plain = new StringBuilder(written.length());
        final int[] starts = new int[written.length() + 1];
        int at = 0;
        while (at < written.length()) {
            final int length = written.charAt(at) == '\\' ? escape(written, at) : 1;
            if (at + length > written.length() && !isOver) {
                starts[plain.length()] = at;
                return new JsonUnescaped(plain.toString(), starts, false);
            }
            final int end = Math.min(written.length(), at + length);
            final char meant = length == 1 ? written.charAt(at) : meaning(written, at, end);
            if (meant == 0) {
                for (; at < end; at++) {
                    starts[plain.length()] = at;
                    plain.append(written.charAt(at));
                }
            } else {
                starts[plain.length()] = at;
                plain.append(meant);
                at = end;
            }
        }
        starts[plain.length()] = at;
        return new JsonUnescaped(plain.toString(), starts, isOver);
    }

    private static int escape(String written, int at) {
        return at + 1 < written.length() && written.charAt(at + 1) == 'u' ? CODE : 2;
    }

    /** What an escape stands for; 0 where it stays as it is written. */
    private static char meaning(String written, int at, int end) {
        if (end - at < 2) {
            return 0;
        }
        return switch (written.charAt(at + 1)) {
            case '/' -> '/';
            case 'n', 'r', 't', 'f', 'b' -> ' ';
            case 'u' -> end - at < CODE ? 0 : code(written, at + 2, end);
            default -> 0;
        };
    }

    private static char code(String written, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            final int digit = Character.digit(written.charAt(at), 16);
            if (digit < 0) {
                return 0;
            }
            value = value * 16 + digit;
        }
        // Where a string ends, and where an escape begins, is not changed by what is written.
        return value == '"' || value == '\\' ? 0 : (char) value;
    }

    /** What it says. */
    String text() {
        return text;
    }

    /** Whether no more of it comes. */
    boolean isWhole() {
        return isWhole;
    }

    /** Where a char of {@link #text} begins in what was written; its length stands for the end. */
    int written(int at) {
        return starts == null ? at : starts[at];
    }
}
