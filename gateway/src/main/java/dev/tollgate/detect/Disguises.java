package dev.tollgate.detect;

import java.text.Normalizer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Undoes what keeps characters from reading as what they look like: compatibility forms (NFKC), invisible characters between
 * letters, tag characters (U+E0000 block) that spell ASCII, look-alikes from other scripts, and letters set apart by
 * blanks, dashes or dots.
 */
final class Disguises extends Rewriter {
    private static final int TAG_BASE = 0xE0000;
    /** Letters that look alike in Cyrillic or Greek, and their Latin twins in the same places. */
    private static final String ALIKE = "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοαικνρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

    private static final String TWINS = "aeopcyxijshdqwABEKMHOPCTYXIJSoaikvptuxABEZHIKMNOPTYX";
    /** ASCII as wide as Chinese is written: NFKC makes it plain, but this is faster. */
    private static final char FIRST_WIDE = 0xFF10;

    private static final char LAST_WIDE = 0xFF5A;
    private static final String WIDE = IntStream.rangeClosed(FIRST_WIDE, LAST_WIDE)
            .mapToObj(c -> Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC))
            .collect(Collectors.joining());
    /** So many single letters with one blank or other separator between each are taken for a spaced-out text. */
    private static final int SPACED_LETTERS = 10;
    /** Of eight bytes the first, third and fifth. */
    private static final long FIRST_THREE = 0xFF_00FF_00FFL;
    /** Chars that are searched at once for one kind of disguise, then for the other. */
    private static final int PIECE = 4096;
    /** Chars of a spaced-out text that are joined at once; the rest is found again. */
    private static final int MOST_JOINED = 2048;

    private static final byte ALWAYS = 1;
    private static final byte AMONG_LATIN = 2;
    /** By character, whether it is one of those to be undone. */
    private static final byte[] SUSPICION = suspicion();

    @Override
    int next(String text, Image image, int from) {
        // Piece by piece, so that neither search runs far ahead of what the other finds: that would be quadratic.
        for (int start = from; start < text.length(); start += PIECE) {
            final int end = Math.min(text.length(), start + PIECE);
            final int disguise = image.isAscii() ? end : nextDisguise(text, image.bytes(), start, end);
            final int found = nextSpacedOut(text, image.bytes(), start, disguise);
            if (found < end) {
                return found;
            }
        }
        return text.length();
    }

    @Override
    void undo(String text, int at, View.Builder view) {
        if (isSpacedOut(text, at)) {
            joinLetters(text, view);
        } else {
            final int length = Character.charCount(text.codePointAt(at));
            view.swap(length, plain(text, at, length));
        }
    }

    private static int nextDisguise(String text, byte[] image, int from, int to) {
        for (int start = from; start < to; start += Long.BYTES) {
            if ((Image.eight(image, Image.MARGIN + start) & Image.EIGHT_SIGNS) != 0) {
                for (int i = start; i < Math.min(to, start + Long.BYTES); i++) {
                    if (SUSPICION[text.charAt(i)] != 0 && isDisguise(text, i)) {
                        return i;
                    }
                }
            }
        }
        return to;
    }

    /** Looks at eight characters at places so near that one of them lies within every run of letters with blanks between. */
    private static int nextSpacedOut(String text, byte[] image, int from, int to) {
        final int step = 2 * SPACED_LETTERS - Long.BYTES;
        final int last = Math.min(text.length(), to + step);
        for (int i = from; i < last; i += step) {
            if (isEverySecondTheSame(Image.eight(image, Image.MARGIN + i))) {
                for (int start = Math.max(from, i - step); start <= i + 1 && start < to; start++) {
                    if (isSpacedOut(text, start)) {
                        return start;
                    }
                }
            }
        }
        return to;
    }

    /** Whether the first, third, fifth and seventh of eight are the same, or the others. */
    private static boolean isEverySecondTheSame(long eight) {
        final long differing = eight ^ (eight >>> (2 * Byte.SIZE));
        return (differing & FIRST_THREE) == 0 || (differing & (FIRST_THREE << Byte.SIZE)) == 0;
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '_' || c == '|' || c == '/';
    }

    private static boolean isDisguise(String text, int at) {
        final byte suspicion = SUSPICION[text.charAt(at)];
        return suspicion == ALWAYS || (suspicion == AMONG_LATIN && isAmongLatin(text, at));
    }

    private static byte[] suspicion() {
        final byte[] suspicion = new byte[1 << Character.SIZE];
        for (int c = 0x80; c < suspicion.length; c++) {
            suspicion[c] = isSuspect((char) c) ? ALWAYS : ALIKE.indexOf(c) >= 0 ? AMONG_LATIN : 0;
        }
        return suspicion;
    }

    private static boolean isSuspect(char c) {
        return isInvisible(c)
                || (c >= 0x2460 && c <= 0x24FF)
                || (c >= 0xFB00 && c <= 0xFB06)
                || (c >= FIRST_WIDE && c <= LAST_WIDE)
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0xA0
                || c == 0x3000
                || c == 0xDB40
                || c == 0xD835
                || c == 0xD83C
                || (c >= 0x2070 && c <= 0x218F);
    }

    private static boolean isInvisible(char c) {
        return (c >= 0x200B && c <= 0x200F)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2060 && c <= 0x206F)
                || c == 0xAD
                || c == 0x61C
                || c == 0x180E
                || c == 0xFEFF
                || (c >= 0x300 && c <= 0x36F)
                || (c >= 0x20D0 && c <= 0x20FF)
                || (c >= 0xFE00 && c <= 0xFE0F);
    }

    /** A look-alike counts only next to a Latin letter or another look-alike next to one: Russian and Greek stay as they are. */
    private static boolean isAmongLatin(String text, int at) {
        int from = at;
        while (from > 0 && at - from < 16 && Character.isLetter(text.charAt(from - 1))) {
            from--;
        }
        for (int i = from; i < text.length() && i < at + 16 && Character.isLetter(text.charAt(i)); i++) {
            if (text.charAt(i) < 0x80) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String text, int at, int length) {
        final char c = text.charAt(at);
        final int code = text.codePointAt(at);
        if (isInvisible(c)) {
            return "";
        }
        if (isTag(code)) {
            return tag(text, at, code);
        }
        if (c >= FIRST_WIDE && c <= LAST_WIDE) {
            return WIDE.substring(c - FIRST_WIDE, c - FIRST_WIDE + 1);
        }
        final int twin = ALIKE.indexOf(c);
        return twin >= 0
                ? TWINS.substring(twin, twin + 1)
                : Normalizer.normalize(text.substring(at, at + length), Normalizer.Form.NFKC);
    }

    private static boolean isTag(int code) {
        return code >= TAG_BASE && code <= TAG_BASE + 0x7F;
    }

    /** Hidden text begins a word of its own, whatever visible text it was put behind. */
    private static String tag(String text, int at, int code) {
        if (code < TAG_BASE + 0x20) {
            return "";
        }
        final boolean isFirst = at < 2 || !isTag(text.codePointAt(at - 2));
        return (isFirst ? " " : "") + (char) (code - TAG_BASE);
    }

    private static boolean isSpacedOut(String text, int at) {
        if (at + 2 * SPACED_LETTERS > text.length() || (at > 0 && Character.isLetterOrDigit(text.charAt(at - 1)))) {
            return false;
        }
        final char separator = text.charAt(at + 1);
        if (!isSeparator(separator)) {
            return false;
        }
        for (int i = 1; i < SPACED_LETTERS; i++) {
            if (text.charAt(at + 2 * i + 1) != separator) {
                return false;
            }
        }
        return Character.isLetterOrDigit(text.charAt(at)) && Character.isLetterOrDigit(text.charAt(at + 2));
    }

    private static void joinLetters(String text, View.Builder view) {
        final int end = Math.min(text.length() - 1, view.position() + MOST_JOINED);
        int at = view.position();
        final char separator = text.charAt(at + 1);
        while (at < end && text.charAt(at + 1) == separator) {
            view.swap(2, text.substring(at, at + 1));
            at += 2;
        }
    }
}
