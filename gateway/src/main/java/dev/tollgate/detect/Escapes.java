package dev.tollgate.detect;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Undoes escapes of JSON strings inside strings (any number of backslashes, as nesting leaves them), of URLs ({@code %41}) and of
 * HTML (by number and by name).
 */
final class Escapes extends Rewriter {
    private static final Map<String, String> ENTITIES = Map.of(
            "&quot;",
            "\"",
            "&apos;",
            "'",
            "&lt;",
            "<",
            "&gt;",
            ">",
            "&amp;",
            "&",
            "&nbsp;",
            " ",
            "&sol;",
            "/",
            "&equals;",
            "=");
    private static final String SIGNS = "\\%&";
    private static final int PIECE = 256;
    private static final int LONGEST_ENTITY = 9;
    private static final int MOST_BACKSLASHES = 64;

    @Override
    boolean mayConcern(String text) {
        return text.indexOf('\\') >= 0 || text.indexOf('&') >= 0 || text.indexOf('%') >= 0;
    }

    @Override
    int next(String text, int from) {
        // Piece by piece, so that a search for one sign does not run far ahead of the others: that would be quadratic.
        for (int start = from; start < text.length(); start += PIECE) {
            final int end = Math.min(text.length(), start + PIECE);
            int at = nextSign(text, start, end);
            while (at < end) {
                if (escapeAt(text, at) != null) {
                    return at;
                }
                at = nextSign(text, at + 1, end);
            }
        }
        return text.length();
    }

    private static int nextSign(String text, int from, int to) {
        int next = to;
        for (int i = 0; i < SIGNS.length(); i++) {
            final int at = text.indexOf(SIGNS.charAt(i), from, next);
            next = at < 0 ? next : at;
        }
        return next;
    }

    @Override
    void undo(String text, int at, View.Builder view) {
        final Escape escape = escapeAt(text, at);
        if (escape != null) {
            view.swap(escape.length, escape.meaning);
        }
    }

    private record Escape(int length, String meaning) {}

    private static @Nullable Escape escapeAt(String text, int at) {
        return switch (text.charAt(at)) {
            case '\\' -> backslash(text, at);
            case '%' -> percent(text, at);
            default -> entity(text, at);
        };
    }

    private static @Nullable Escape backslash(String text, int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) == '\\' && end - at < MOST_BACKSLASHES) {
            end++;
        }
        if (end == text.length()) {
            return null;
        }
        final int length = end + 1 - at;
        return switch (text.charAt(end)) {
            case 'n', 'r', 'f' -> new Escape(length, "\n");
            case 't' -> new Escape(length, "\t");
            case 'b' -> new Escape(length, "\b");
            case '"', '\'', '/', '`' -> new Escape(length, text.substring(end, end + 1));
            case 'u' -> code(text, at, end + 1, 4);
            case 'x' -> code(text, at, end + 1, 2);
            default -> null;
        };
    }

    private static @Nullable Escape percent(String text, int at) {
        final Escape escape = code(text, at, at + 1, 2);
        // Bytes of other characters than ASCII make sense only together; rules that need them are few.
        return escape == null || escape.meaning.charAt(0) > 0x7e ? null : escape;
    }

    private static @Nullable Escape code(String text, int at, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            final int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return null;
            }
            value = 16 * value + digit;
        }
        return new Escape(from + digits - at, String.valueOf((char) value));
    }

    private static @Nullable Escape entity(String text, int at) {
        final int end = text.indexOf(';', at, Math.min(text.length(), at + LONGEST_ENTITY));
        if (end < at + 2) {
            return null;
        }
        if (text.charAt(at + 1) != '#') {
            final String meaning = ENTITIES.get(text.substring(at, end + 1));
            return meaning == null ? null : new Escape(end + 1 - at, meaning);
        }
        final boolean hex = text.charAt(at + 2) == 'x' || text.charAt(at + 2) == 'X';
        try {
            final int code = Integer.parseInt(text, at + (hex ? 3 : 2), end, hex ? 16 : 10);
            return Character.isValidCodePoint(code) ? new Escape(end + 1 - at, Character.toString(code)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
