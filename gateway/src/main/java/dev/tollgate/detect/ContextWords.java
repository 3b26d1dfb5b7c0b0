package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Words one of which must stand near a match. */
final class ContextWords {
    private static final int SLOTS = 512;
    private static final int BEGINNINGS = 1 << 12;
    private static final int THREE = 0xFF_FFFF;
    private static final int SMALL = 0x20_2020;
    private static final int GOLDEN = 0x9E3779B1;

    private static final String[] NONE = {};

    /** By their first two characters. */
    private final String[][] byBeginning = new String[SLOTS][];
    /** A bit for each hash of three bytes of an image with which a word may begin: most places in a text are none. */
    private final long[] beginnings = new long[BEGINNINGS >>> 6];

    private final int nearby;
    private final int longest;
    private final boolean isEmpty;

    /**
     * @param words  of two chars at least; case does not matter
     * @param nearby chars before and behind a match in which a word counts
     */
    ContextWords(List<String> words, int nearby) {
        this.nearby = nearby;
        this.isEmpty = words.isEmpty();
        this.longest = words.stream().mapToInt(String::length).max().orElse(0);
        Arrays.fill(byBeginning, NONE);
        for (String word : words) {
            final String folded = word.toLowerCase(Locale.ROOT);
            if (folded.length() < 2) {
                throw new IllegalArgumentException("the context word '" + word + "' has fewer than two characters");
            }
            final int slot = slot(folded.charAt(0), folded.charAt(1));
            final List<String> same = new ArrayList<>(List.of(byBeginning[slot]));
            same.add(folded);
            byBeginning[slot] = same.toArray(String[]::new);
            markBeginning(folded);
        }
    }

    boolean isEmpty() {
        return isEmpty;
    }

    int nearby() {
        return nearby;
    }

    private void markBeginning(String word) {
        final int two = (Image.of(word.charAt(0)) & 0xFF) | ((Image.of(word.charAt(1)) & 0xFF) << Byte.SIZE);
        for (int third = 0; third < 1 << Byte.SIZE; third++) {
            if (word.length() == 2 || (Image.of(word.charAt(2)) & 0xFF) == third) {
                final int hash = hash(two | (third << (2 * Byte.SIZE)));
                beginnings[hash >>> 6] |= 1L << hash;
            }
        }
    }

    /** @param bytes three of an image, in any case, and whatever stands behind them */
    private static int hash(int bytes) {
        return (((bytes & THREE) | SMALL) * GOLDEN) >>> (Integer.SIZE - 12);
    }

    /** Chars of the longest word. */
    int longest() {
        return longest;
    }

    /**
     * Whether a word stands near what lies within {@code start..end}; true if none is asked for.
     *
     * @param image of the text
     */
    boolean standNear(String text, Image image, int start, int end, Work work) {
        return isEmpty
                || standWithin(text, image, Math.max(0, start - nearby), Math.min(text.length(), end + nearby), work);
    }

    /** Whether a word stands within {@code from..to}. */
    boolean standWithin(String text, Image image, int from, int to, Work work) {
        final byte[] bytes = image.bytes();
        work.spend(Math.max(0, to - from));
        for (int i = from; i + 1 < to; i++) {
            final int hash = hash(Image.four(bytes, Image.MARGIN + i));
            if ((beginnings[hash >>> 6] >>> hash & 1) != 0 && stands(text, i, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean stands(String text, int at, int to) {
        for (String word : byBeginning[slot(text.charAt(at), text.charAt(at + 1))]) {
            if (at + word.length() <= to && text.regionMatches(true, at, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    private static int slot(char first, char second) {
        return (((Image.of(first) | 0x20) * 31) ^ (Image.of(second) | 0x20)) & (SLOTS - 1);
    }
}
