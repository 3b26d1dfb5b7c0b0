package dev.tollgate.detect;

import java.util.function.Consumer;

/** Decodes bytes that are written in hexadecimal one by one, as in {@code 41 4b 49}, {@code 41:4b} or {@code 0x41, 0x4b}. */
final class HexBytes implements Normaliser {
    /** Fewer bytes in a row say nothing. */
    private static final int FEWEST = 10;
    /** Every run of so many bytes has a place looked at. */
    private static final int STRIDE = 2 * FEWEST;

    private static final int MOST_BYTES = 1 << 16;
    /** So many characters before each place looked at belong to the run as well, in one of the places of each run. */
    private static final int INSIDE = 8;

    private static final String SEPARATORS = " ,:-\n;";
    /** Between two bytes. */
    private static final int MOST_SEPARATORS = 2;

    private static final byte DIGIT = 1;
    private static final byte SEPARATOR = 2;
    private static final byte BEFORE_DIGITS = 3;
    /** By byte of an {@link Image}, what it is in a run; 0 if no run holds it. */
    private static final byte[] CHARACTERS = characters();

    @Override
    public void views(View outer, Consumer<View> views) {
        final String text = outer.text();
        int behind = 0;
        final byte[] image = outer.image().bytes();
        for (int at = STRIDE; at < text.length(); at += STRIDE) {
            if (!isInside(image, Image.MARGIN + at)) {
                continue;
            }
            for (int start = Math.max(behind, at - 5); start <= at && start >= behind; start++) {
                if (isByte(text, start)) {
                    final int first = firstOf(text, start, behind);
                    final int end = run(outer, first, views);
                    if (end > at) {
                        behind = end;
                        at = end;
                    }
                    break;
                }
            }
        }
    }

    /** A quick look: whether a run may reach from {@link #INSIDE} characters before to here. */
    private static boolean isInside(byte[] image, int at) {
        if (holdsLetter(Image.eight(image, at - Long.BYTES + 1))) {
            return false;
        }
        int digits = 0;
        int separators = 0;
        for (int i = at - INSIDE; i <= at; i++) {
            switch (CHARACTERS[image[i] & 0xFF]) {
                case DIGIT -> {
                    digits++;
                    separators = 0;
                }
                case SEPARATOR -> {
                    separators++;
                    digits = 0;
                }
                case BEFORE_DIGITS -> {
                    digits = 0;
                    separators = 0;
                }
                default -> {
                    return false;
                }
            }
            if (digits > 2 || separators > MOST_SEPARATORS) {
                return false;
            }
        }
        return true;
    }

    /** Whether one of eight is behind {@code f} in the alphabet, and no {@code x}: so it is in nearly all texts nearly everywhere. */
    private static boolean holdsLetter(long eight) {
        final long low = eight & ~Image.EIGHT_SIGNS;
        final long behind = low + Image.ONES * (0x7F - 'f');
        final long others = (low ^ (Image.ONES * 'x')) + ~Image.EIGHT_SIGNS;
        return ((eight | (behind & others)) & Image.EIGHT_SIGNS) != 0;
    }

    private static byte[] characters() {
        final byte[] characters = new byte[1 << Byte.SIZE];
        "0123456789abcdefABCDEF".chars().forEach(c -> characters[c] = DIGIT);
        SEPARATORS.chars().forEach(c -> characters[c] = SEPARATOR);
        characters['x'] = BEFORE_DIGITS;
        return characters;
    }

    /** Two hexadecimal digits that stand alone, or behind 0x. */
    private static boolean isByte(String text, int at) {
        return at + 1 < text.length()
                && Character.digit(text.charAt(at), 16) >= 0
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && (at + 2 == text.length() || !Character.isLetterOrDigit(text.charAt(at + 2)))
                && (at == 0
                        || !Character.isLetterOrDigit(text.charAt(at - 1))
                        || (at > 1 && text.charAt(at - 1) == 'x' && text.charAt(at - 2) == '0'));
    }

    private static int firstOf(String text, int start, int from) {
        int first = start;
        boolean goesOn = true;
        while (goesOn) {
            goesOn = false;
            for (int step = 3; step <= 6 && first - step >= from && !goesOn; step++) {
                if (next(text, first - step) == first && isByte(text, first - step)) {
                    first -= step;
                    goesOn = true;
                }
            }
        }
        return first;
    }

    /** Where the byte behind this one stands; -1 if none follows. */
    private static int next(String text, int at) {
        int next = at + 2;
        final int most = Math.min(text.length(), next + MOST_SEPARATORS);
        while (next < most && SEPARATORS.indexOf(text.charAt(next)) >= 0) {
            next++;
        }
        if (next == at + 2) {
            return -1;
        }
        next += text.startsWith("0x", next) ? 2 : 0;
        return isByte(text, next) ? next : -1;
    }

    /** @return where the run of bytes ends */
    private static int run(View outer, int first, Consumer<View> views) {
        final String text = outer.text();
        final StringBuilder plain = new StringBuilder();
        int at = first;
        int end = first;
        while (at >= 0 && plain.length() < MOST_BYTES) {
            plain.append((char) (Character.digit(text.charAt(at), 16) << 4 | Character.digit(text.charAt(at + 1), 16)));
            end = at + 2;
            at = next(text, at);
        }
        if (plain.length() >= FEWEST && plain.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t')) {
            views.accept(new View.Builder(outer, first).swap(end - first, plain).build());
        }
        return end;
    }
}
