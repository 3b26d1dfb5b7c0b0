package dev.tollgate.detect;

import java.util.Arrays;

/**
 * Finds every occurrence of many keywords in one pass, whatever their case. Each keyword is known by four of its characters in a row, the least
 * common ones; the pass looks with every four characters of the text into a set of bits whether any keyword may be there. Only then that keyword
 * is compared. Shorter keywords are known by a pair, and so are the starts of digit groups.
 *
 * <pre>
 *   text   … t h e   i g n o r e …
 *                      └─┬─┘        gnor: in the set; the keyword begins one character before
 * </pre>
 *
 * What a text costs is bounded by how many keywords share four characters ({@link SieveTables#MOST_SHARING}), whatever the text is.
 */
final class KeywordSieve {
    /** Longest keyword, in chars. */
    static final int MOST_LENGTH = 64;

    private static final int BLOCK = 512;
    /** Bytes read at once: the last one is that of the character looked at. */
    private static final int BACK = Integer.BYTES - 1;

    private final SieveTables tables;

    /** Receives what one pass finds. */
    interface Hits {
        /**
         * A keyword. They come in the order of their starts.
         *
         * @param keyword index of the keyword in the list given at construction
         * @param start   first char of the occurrence
         */
        void hit(int keyword, int start);

        /** A digit that no digit stands before. They come in order, but apart from the keywords. */
        void digits(int start);
    }

    KeywordSieve(SieveTables tables) {
        this.tables = tables;
    }

    /** @param image of {@code text} */
    void search(String text, Image image, Hits hits) {
        new Pass(text, image, hits).run();
    }

    /** 1 for a digit, else 0: without a branch. */
    private static int isDigit(int c) {
        return (((c - '0') & 0x7FFFFFFF) - 10) >>> (Integer.SIZE - 1);
    }

    /** One pass over one text, block by block. */
    private final class Pass {
        private final String text;
        private final byte[] bytes;
        private final Hits hits;
        /** Where in the image something may end. */
        private final int[] places;

        private final int[] fours;
        private final int[] pairs;
        private final int[] digits;

        private final Sorted sorted = new Sorted();

        Pass(String text, Image image, Hits hits) {
            this.text = text;
            this.bytes = image.bytes();
            this.hits = hits;
            final int most = Math.min(BLOCK, text.length()) + 1;
            this.places = new int[most];
            this.fours = new int[most];
            this.pairs = new int[most];
            this.digits = new int[most];
        }

        void run() {
            final int end = Image.MARGIN + text.length();
            for (int from = Image.MARGIN; from < end; from += BLOCK) {
                final int to = Math.min(end, from + BLOCK);
                look(mark(from, to));
                sorted.release(to - Image.MARGIN - MOST_LENGTH, hits);
            }
            sorted.release(text.length(), hits);
        }

        /** The tight loop: where something may be. */
        private int mark(int from, int to) {
            final long[] fourBits = tables.fourBits();
            final long[] pairBits = tables.pairBits();
            final byte[] read = bytes;
            final int[] found = places;
            int count = 0;
            for (int i = from; i < to; i++) {
                final int four = Image.four(read, i - BACK);
                final int pair = SieveTables.lastPair(four);
                final int hash = SieveTables.hash(SieveTables.folded(four));
                found[count] = i;
                count += (int) (((fourBits[hash >>> 6] >>> hash) | (pairBits[pair >>> 6] >>> pair)) & 1);
            }
            return count;
        }

        /** A closer look at the places: most of them are none. */
        private void look(int count) {
            int fourCount = 0;
            int pairCount = 0;
            int digitCount = 0;
            for (int i = 0; i < count; i++) {
                final int at = places[i];
                final long eight = Image.eight(bytes, at - BACK - 1);
                fours[fourCount] = at;
                fourCount += tables.mayBeFour(eight);
                pairs[pairCount] = at;
                pairCount += tables.mayBePair(eight);
                digits[digitCount] = at;
                digitCount += isDigit(bytes[at]) & ~isDigit(bytes[at - 1]);
            }
            for (int i = 0; i < digitCount; i++) {
                hits.digits(digits[i] - Image.MARGIN);
            }
            for (int i = 0; i < pairCount; i++) {
                compare(tables.byPair(SieveTables.lastPair(Image.four(bytes, pairs[i] - BACK))), pairs[i]);
            }
            for (int i = 0; i < fourCount; i++) {
                compare(tables.byFour(SieveTables.folded(Image.four(bytes, fours[i] - BACK))), fours[i]);
            }
        }

        private void compare(int list, int at) {
            for (int i = 0; i < SieveTables.count(list); i++) {
                final int entry = tables.entry(list, i);
                final int start = at - (entry & 0xFF);
                if (start >= Image.MARGIN
                        && tables.mayBegin(entry >>> 8, Image.eight(bytes, start))
                        && stands(tables.keyword(entry >>> 8), start - Image.MARGIN)) {
                    sorted.add(start - Image.MARGIN, entry >>> 8);
                }
            }
        }

        private boolean stands(char[] keyword, int start) {
            if (start + keyword.length > text.length()) {
                return false;
            }
            for (int i = 0; i < keyword.length; i++) {
                final char c = text.charAt(start + i);
                if (c != keyword[i] && Character.toLowerCase(c) != keyword[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Hits on their way, put in the order of their starts. */
    private static final class Sorted {
        private long[] waiting = new long[16];
        private int size;
        private boolean isOrdered = true;

        void add(int start, int keyword) {
            if (size == waiting.length) {
                waiting = Arrays.copyOf(waiting, 2 * size);
            }
            final long hit = ((long) start << Integer.SIZE) | keyword;
            isOrdered &= size == 0 || waiting[size - 1] <= hit;
            waiting[size++] = hit;
        }

        /** Hands on the hits that start before {@code before}. */
        void release(int before, Hits to) {
            if (size == 0) {
                return;
            }
            if (!isOrdered) {
                Arrays.sort(waiting, 0, size);
                isOrdered = true;
            }
            int released = 0;
            while (released < size && (int) (waiting[released] >>> Integer.SIZE) < before) {
                to.hit((int) waiting[released], (int) (waiting[released] >>> Integer.SIZE));
                released++;
            }
            System.arraycopy(waiting, released, waiting, 0, size - released);
            size -= released;
        }
    }
}
