package dev.tollgate.detect;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds every occurrence of many keywords in one pass, whatever their case (Aho and Corasick, 1975, as a complete transition
 * table). One table read per character, for every text: nothing an attacker writes makes it slower than linear.
 *
 * <pre>
 *   ascii[state &lt;&lt; shift | symbol]     the next state; its highest bit says that keywords end there
 *   wide[state * width + symbol]       the same for the few other characters that keywords hold; any else leads to state 0
 * </pre>
 *
 * Two tables, so that the rows that common text dwells in are short and stay in the cache.
 */
final class KeywordAutomaton {
    static final int ENDS = 0x8000;
    static final int MOST_STATES = ENDS;
    static final int ASCII = 128;
    /** Longest keyword, in chars. */
    static final int MOST_LENGTH = 64;

    private static final int BLOCK = 8192;
    /** Shorter blocks are walked through at once; a half must hold the longest keyword. */
    private static final int SHORTEST_SPLIT = 4 * MOST_LENGTH;

    private final byte[] asciiSymbols;
    private final int shift;
    private final char[] ascii;
    private final char[] wideSymbols;
    private final int width;
    private final char[] wide;
    private final int[][] endings;
    private final int[] lengths;
    private final int longest;

    /** Receives the hits of one pass, in order of their ends. */
    interface Hits {
        /**
         * @param keyword index of the keyword in the list given at construction
         * @param start   first char of the occurrence
         * @param end     behind its last char
         */
        void hit(int keyword, int start, int end);
    }

    /** @param keywords in lower case, none empty; all together at most {@link #MOST_STATES} chars */
    static KeywordAutomaton of(List<String> keywords) {
        return new KeywordAutomaton(new KeywordTrie(keywords));
    }

    private KeywordAutomaton(KeywordTrie trie) {
        this.asciiSymbols = trie.asciiSymbols();
        this.shift = trie.shift();
        this.ascii = trie.asciiTable();
        this.wideSymbols = trie.wideSymbols();
        this.width = trie.width();
        this.wide = trie.wideTable();
        this.endings = trie.endings();
        this.lengths = trie.lengths();
        this.longest = IntStream.of(lengths).max().orElse(0);
        if (longest > MOST_LENGTH) {
            throw new IllegalArgumentException("a keyword has " + longest + " chars, allowed are " + MOST_LENGTH);
        }
    }

    void search(String text, Hits hits) {
        final int length = text.length();
        final char[] block = new char[Math.min(BLOCK, length)];
        int state = 0;
        for (int offset = 0; offset < length; offset += BLOCK) {
            final int count = Math.min(BLOCK, length - offset);
            text.getChars(offset, offset + count, block, 0);
            state = count < SHORTEST_SPLIT
                    ? searchOne(block, 0, count, new Lane(offset, hits), state)
                    : searchTwo(block, count, offset, state, hits);
        }
    }

    /**
     * Searches both halves of a block at the same time: each step waits for the one before it, so that two walks take hardly longer
     * than one. Then the first walk goes on into the second half for as long as a keyword may reach over from the first.
     */
    private int searchTwo(char[] block, int count, int offset, int startState, Hits hits) {
        final int half = count / 2;
        final Lane first = new Lane(offset, hits);
        final Lane second = new Lane(offset, hits);
        int one = startState;
        int two = 0;
        for (int i = 0; i < half; i++) {
            one = step(one, block[i]);
            two = step(two, block[half + i]);
            if ((one | two) >= ENDS) {
                one = first.pass(one, i + 1);
                two = second.keep(two, half + i + 1);
            }
        }
        searchAcross(block, half, first, one);
        second.release();
        return searchOne(block, 2 * half, count, second, two);
    }

    private int searchOne(char[] block, int from, int to, Lane lane, int startState) {
        int state = startState;
        for (int i = from; i < to; i++) {
            state = step(state, block[i]);
            if (state >= ENDS) {
                state = lane.pass(state, i + 1);
            }
        }
        return state;
    }

    private void searchAcross(char[] block, int half, Lane lane, int startState) {
        lane.startingBefore = half;
        int unused = searchOne(block, half, half + longest, lane, startState);
        lane.startingBefore = Integer.MAX_VALUE;
    }

    private int step(int state, char c) {
        return c < ASCII ? ascii[(state << shift) | asciiSymbols[c]] : wide(state, c);
    }

    private int wide(int state, char c) {
        final int symbol = wideSymbols[c];
        return symbol == 0 ? 0 : wide[state * width + symbol];
    }

    /** Where one walk's hits go: on at once, or later, so that they come in order. */
    private final class Lane {
        private final int offset;
        private final Hits hits;
        private int[] kept = new int[32];
        private int size;
        private int startingBefore = Integer.MAX_VALUE;

        Lane(int offset, Hits hits) {
            this.offset = offset;
            this.hits = hits;
        }

        /** @return the state without its mark */
        int pass(int marked, int end) {
            final int state = marked & (ENDS - 1);
            if (marked >= ENDS) {
                for (int keyword : endings[state]) {
                    final int start = end - lengths[keyword];
                    if (start < startingBefore) {
                        hits.hit(keyword, offset + start, offset + end);
                    }
                }
            }
            return state;
        }

        int keep(int marked, int end) {
            if (marked >= ENDS) {
                if (size == kept.length) {
                    kept = Arrays.copyOf(kept, 2 * size);
                }
                kept[size++] = marked;
                kept[size++] = end;
            }
            return marked & (ENDS - 1);
        }

        void release() {
            for (int i = 0; i < size; i += 2) {
                int unused = pass(kept[i], kept[i + 1]);
            }
            size = 0;
        }
    }
}
