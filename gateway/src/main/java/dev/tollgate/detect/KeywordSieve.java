package dev.tollgate.detect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds every occurrence of many keywords in one pass, whatever their case. Each keyword is known by four of its characters in a row, the least
 * common ones; the pass keeps a hash over the last four characters of the text and looks into a set of bits whether any keyword may be there. Only
 * then that keyword is compared. Shorter keywords are known by a pair, and so are the starts of digit groups.
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

    private static final int BLOCK = 1024;
    /** Characters of the block before that stand at the head of each block. */
    private static final int LOOK_BACK = MOST_LENGTH;

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

    /** @return whether all of the text is ASCII */
    boolean search(String text, Hits hits) {
        final Pass pass = new Pass(text, hits);
        pass.run();
        return pass.allBits < 0x80;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** One pass over one text, block by block. */
    private final class Pass {
        private final String text;
        private final Hits hits;
        private final char[] block;
        private final int[] fours;
        private final int[] pairs;
        private int fourCount;
        private int pairCount;
        /** Where in the text the block's first char stands. */
        private int offset;
        /** Behind the block's last char. */
        private int end;

        /** Of all chars. */
        private int allBits;

        private final Sorted sorted = new Sorted();

        Pass(String text, Hits hits) {
            this.text = text;
            this.hits = hits;
            this.block = new char[Math.min(BLOCK, text.length()) + LOOK_BACK];
            this.fours = new int[block.length];
            this.pairs = new int[block.length];
        }

        void run() {
            for (int from = 0; from < text.length(); from += BLOCK) {
                final int count = Math.min(BLOCK, text.length() - from);
                if (from > 0) {
                    System.arraycopy(block, BLOCK, block, 0, LOOK_BACK);
                }
                text.getChars(from, from + count, block, LOOK_BACK);
                offset = from - LOOK_BACK;
                end = LOOK_BACK + count;
                mark();
                lookAtPairs();
                lookAtFours();
                sorted.release(from + count - MOST_LENGTH, hits);
            }
            sorted.release(text.length(), hits);
        }

        /** The tight loop: where in the block something may be. */
        private void mark() {
            final byte[] symbols = SieveTables.SYMBOLS;
            final long[] fourBits = tables.fourBits();
            final long[] pairBits = tables.pairBits();
            final char[] chars = block;
            final int[] fourAt = fours;
            final int[] pairAt = pairs;
            final int to = end;
            int fourFound = 0;
            int pairFound = 0;
            int bits = allBits;
            int packed = packed(LOOK_BACK - 1);
            for (int i = LOOK_BACK; i < to; i++) {
                final char c = chars[i];
                bits |= c;
                final int pair = SieveTables.pair(packed, c);
                packed = (packed << 8) | (symbols[c] & 0xFF);
                final int four = SieveTables.four(packed);
                fourAt[fourFound] = i;
                pairAt[pairFound] = i;
                fourFound += (int) ((fourBits[four >>> 6] >>> four) & 1);
                pairFound += (int) ((pairBits[pair >>> 6] >>> pair) & 1);
            }
            allBits = bits;
            fourCount = fourFound;
            pairCount = pairFound;
        }

        private int packed(int at) {
            final byte[] symbols = SieveTables.SYMBOLS;
            return (symbols[block[at - 3]] << 24)
                    | ((symbols[block[at - 2]] & 0xFF) << 16)
                    | ((symbols[block[at - 1]] & 0xFF) << 8)
                    | (symbols[block[at]] & 0xFF);
        }

        private void lookAtPairs() {
            for (int i = 0; i < pairCount; i++) {
                final int at = pairs[i];
                final char c = block[at];
                if (isDigit(c) && !isDigit(block[at - 1])) {
                    hits.digits(offset + at);
                }
                compare(tables.byPair(SieveTables.pair(SieveTables.SYMBOLS[block[at - 1]], c)), at);
            }
        }

        private void lookAtFours() {
            for (int i = 0; i < fourCount; i++) {
                final int at = fours[i];
                compare(tables.byFour(packed(at)), at);
            }
        }

        private void compare(int @Nullable [] entries, int at) {
            if (entries != null) {
                for (int entry : entries) {
                    final int start = at - (entry & 0xFF);
                    if (stands(tables.keyword(entry >>> 8), start)) {
                        sorted.add(offset + start, entry >>> 8);
                    }
                }
            }
        }

        private boolean stands(char[] keyword, int start) {
            if (start + keyword.length > end) {
                return standsBeyond(keyword, offset + start);
            }
            if (offset + start < 0) {
                return false;
            }
            for (int i = 0; i < keyword.length; i++) {
                final char c = block[start + i];
                if (c != keyword[i] && Character.toLowerCase(c) != keyword[i]) {
                    return false;
                }
            }
            return true;
        }

        /** A keyword that reaches into the next block. */
        private boolean standsBeyond(char[] keyword, int start) {
            if (start < 0 || start + keyword.length > text.length()) {
                return false;
            }
            for (int i = 0; i < keyword.length; i++) {
                if (Character.toLowerCase(text.charAt(start + i)) != keyword[i]) {
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
