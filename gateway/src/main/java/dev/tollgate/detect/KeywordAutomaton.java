package dev.tollgate.detect;

import java.util.List;

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
    private static final int BLOCK = 8192;

    private final byte[] asciiSymbols;
    private final int shift;
    private final char[] ascii;
    private final char[] wideSymbols;
    private final int width;
    private final char[] wide;
    private final int[][] endings;
    private final int[] lengths;

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
    }

    void search(String text, Hits hits) {
        final int length = text.length();
        final char[] block = new char[Math.min(BLOCK, length)];
        int state = 0;
        for (int offset = 0; offset < length; offset += BLOCK) {
            final int count = Math.min(BLOCK, length - offset);
            text.getChars(offset, offset + count, block, 0);
            state = searchBlock(block, count, offset, state, hits);
        }
    }

    private int searchBlock(char[] block, int count, int offset, int startState, Hits hits) {
        int state = startState;
        for (int i = 0; i < count; i++) {
            final char c = block[i];
            state = c < ASCII ? ascii[state << shift | asciiSymbols[c]] : wide(state, c);
            if (state >= ENDS) {
                state &= ENDS - 1;
                report(state, offset + i + 1, hits);
            }
        }
        return state;
    }

    private int wide(int state, char c) {
        final int symbol = wideSymbols[c];
        return symbol == 0 ? 0 : wide[state * width + symbol];
    }

    private void report(int state, int end, Hits hits) {
        for (int keyword : endings[state]) {
            hits.hit(keyword, end - lengths[keyword], end);
        }
    }
}
