package dev.tollgate.detect;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Undoes escapes of JSON strings inside strings (any number of backslashes, as nesting leaves them) and of programs, of URLs ({@code %41}) and of
 * HTML (by number and by name), short HTML comments, and bold
 * type in Markdown.
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
    /** By byte of an {@link Image}, whether it is one with which an escape may begin. */
    private static final boolean[] SIGNS = signs();
    /** In these bits the two signs differ from each other that are told by {@link #SLANT}. */
    private static final long BUT_SLANT_BITS = ~(Image.ONES * 0x60);

    private static final long SLANT = Image.ONES * ('\\' & ~0x60);
    private static final long PERCENT = Image.ONES * '%';
    private static final long AMPERSAND = Image.ONES * '&';
    private static final long ASTERISK = Image.ONES * '*';
    private static final String EMPHASIS = "**";
    private static final String COMMENT = "<!--";
    private static final String COMMENT_END = "-->";
    private static final int LONGEST_COMMENT = 64;
    private static final int LONGEST_ENTITY = 16;
    private static final int MOST_BACKSLASHES = 64;

    @Override
    int next(String text, Image image, int from) {
        final byte[] bytes = image.bytes();
        for (int start = from; start < text.length(); start += Long.BYTES) {
            if (mayHoldSign(Image.eight(bytes, Image.MARGIN + start))) {
                final int end = Math.min(text.length(), start + Long.BYTES);
                for (int at = start; at < end; at++) {
                    if (SIGNS[bytes[Image.MARGIN + at] & 0xFF] && escapeAt(text, at) != null) {
                        return at;
                    }
                }
            }
        }
        return text.length();
    }

    /** A quick look at eight characters: false if none of them is a sign. */
    private static boolean mayHoldSign(long eight) {
        final long slant = (eight & BUT_SLANT_BITS) ^ SLANT;
        final long percent = eight ^ PERCENT;
        final long ampersand = eight ^ AMPERSAND;
        final long asterisk = eight ^ ASTERISK;
        return ((((slant - Image.ONES) & ~slant)
                                | ((percent - Image.ONES) & ~percent)
                                | ((ampersand - Image.ONES) & ~ampersand)
                                | ((asterisk - Image.ONES) & ~asterisk))
                        & Image.EIGHT_SIGNS)
                != 0;
    }

    private static boolean[] signs() {
        final boolean[] signs = new boolean[1 << Byte.SIZE];
        "\\%&<*".chars().forEach(c -> signs[c] = true);
        return signs;
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
            case '<' -> comment(text, at);
            case '*' -> emphasis(text, at);
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
            case 'u' -> text.startsWith("{", end + 1) ? braced(text, at, end + 2) : code(text, at, end + 1, 4);
            case 'x' -> code(text, at, end + 1, 2);
            case '0', '1', '2', '3' -> octal(text, at, end);
            default -> null;
        };
    }

    /** As JavaScript writes characters beyond the basic plane, and any other. */
    private static @Nullable Escape braced(String text, int at, int from) {
        final int end = text.indexOf('}', from, Math.min(text.length(), from + 7));
        if (end <= from) {
            return null;
        }
        int value = 0;
        for (int i = from; i < end; i++) {
            final int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return null;
            }
            value = 16 * value + digit;
        }
        return Character.isValidCodePoint(value) ? new Escape(end + 1 - at, Character.toString(value)) : null;
    }

    private static @Nullable Escape octal(String text, int at, int from) {
        int value = 0;
        for (int i = from; i < from + 3; i++) {
            final int digit = i < text.length() ? Character.digit(text.charAt(i), 8) : -1;
            if (digit < 0) {
                return null;
            }
            value = 8 * value + digit;
        }
        return value < ' ' || value > '~' ? null : new Escape(from + 3 - at, String.valueOf((char) value));
    }

    /** Marks around words that are shown in bold. */
    private static @Nullable Escape emphasis(String text, int at) {
        if (!text.startsWith(EMPHASIS, at)) {
            return null;
        }
        final int end = at + EMPHASIS.length();
        final boolean isBeside = (at > 0 && Character.isLetterOrDigit(text.charAt(at - 1)))
                || (end < text.length() && Character.isLetterOrDigit(text.charAt(end)));
        return isBeside ? new Escape(EMPHASIS.length(), "") : null;
    }

    /** A comment that shows nothing, put between letters. */
    private static @Nullable Escape comment(String text, int at) {
        if (!text.startsWith(COMMENT, at)) {
            return null;
        }
        final int end = text.indexOf(COMMENT_END, at, Math.min(text.length(), at + LONGEST_COMMENT));
        return end < 0 ? null : new Escape(end + COMMENT_END.length() - at, "");
    }

    private static @Nullable Escape percent(String text, int at) {
        final int first = percentByte(text, at);
        if (first < 0x7f) {
            return first < 0 ? null : new Escape(3, String.valueOf((char) first));
        }
        final int count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        final byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            final int next = percentByte(text, at + 3 * i);
            if (next < 0 || (i > 0 && (next & 0xC0) != 0x80)) {
                return null;
            }
            bytes[i] = (byte) next;
        }
        return first < 0xC2 ? null : new Escape(3 * count, new String(bytes, StandardCharsets.UTF_8));
    }

    private static int percentByte(String text, int at) {
        if (at + 2 >= text.length() || text.charAt(at) != '%') {
            return -1;
        }
        final int high = Character.digit(text.charAt(at + 1), 16);
        final int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : 16 * high + low;
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
