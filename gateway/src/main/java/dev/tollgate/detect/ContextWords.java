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
    private static final int SMALL = 0x2020_2020;
    private static final int SMALL_ONE = 0x20;
    private static final int GOLDEN = 0x9E3779B1;

    private static final Word[] NONE = {};

    /** By their first two characters. */
    private final Word[][] byBeginning = new Word[SLOTS][];
    /** A bit for each hash of three bytes of an image with which a word may begin: most places in a text are none. */
    private final long[] beginnings = new long[BEGINNINGS >>> 6];

    private final int nearby;
    private final int longest;
    private final boolean isEmpty;

    /**
     * A word.
     *
     * @param text   in lower case
     * @param first  its first four characters, or as many as it has, as bytes of an {@link Image} made small
     * @param counts which bits of {@code first} count
     */
    private record Word(String text, int first, int counts) {
        static Word of(String text) {
            int first = 0;
            int counts = 0;
            for (int i = 0; i < Math.min(Integer.BYTES, text.length()); i++) {
                first |= ((Image.of(text.charAt(i)) & 0xFF) | SMALL_ONE) << (Byte.SIZE * i);
                counts |= 0xFF << (Byte.SIZE * i);
            }
            return new Word(text, first, counts);
        }

        /** @param four bytes of an image, made small */
        boolean mayBegin(int four) {
            return ((four ^ first) & counts) == 0;
        }
    }

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
            final int slot = slot(
                    (Image.of(folded.charAt(0)) & 0xFF) | SMALL_ONE, (Image.of(folded.charAt(1)) & 0xFF) | SMALL_ONE);
            final List<Word> same = new ArrayList<>(List.of(byBeginning[slot]));
            same.add(Word.of(folded));
            byBeginning[slot] = same.toArray(Word[]::new);
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
                final int hash = hash(two | (third << (2 * Byte.SIZE)) | SMALL);
                beginnings[hash >>> 6] |= 1L << hash;
            }
        }
    }

    /** @param bytes three of an image, made small, and whatever stands behind them */
    private static int hash(int bytes) {
        return ((bytes & THREE) * GOLDEN) >>> (Integer.SIZE - 12);
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
            final int four = Image.four(bytes, Image.MARGIN + i) | SMALL;
            final int hash = hash(four);
            if ((beginnings[hash >>> 6] >>> hash & 1) != 0 && stands(text, four, i, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean stands(String text, int four, int at, int to) {
        for (Word word : byBeginning[slot(four & 0xFF, (four >>> Byte.SIZE) & 0xFF)]) {
            final int length = word.text.length();
            if (word.mayBegin(four) && at + length <= to && text.regionMatches(true, at, word.text, 0, length)) {
                return true;
            }
        }
        return false;
    }

    /** @param first byte of an image, made small, as {@code second} */
    private static int slot(int first, int second) {
        return ((first * 31) ^ second) & (SLOTS - 1);
    }
}
