package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds long runs of words that stand in a system prompt too, whatever stands between the words. Holds hashes of every {@link #SHINGLE} words of
 * the prompt, no text. Immutable, safe on any thread.
 */
public final class PromptRuns {
    /** Words that are looked up together. */
    static final int SHINGLE = 5;
    /** Fewer words than this are no prompt that could be told from common speech. */
    static final int FEWEST_WORDS = 8;
    /** Words of a prompt that are looked for; those beyond are not. */
    private static final int MOST_WORDS = 1 << 16;

    private static final long SEED = 0x9E3779B97F4A7C15L;

    /** Sorted. */
    private final long[] shingles;

    private final int least;

    private PromptRuns(long[] shingles, int least) {
        this.shingles = shingles;
        this.least = least;
    }

    /**
     * @param prompt texts of one system prompt
     * @param least words of a run that tells of it; a shorter prompt is looked for as a whole
     */
    public static PromptRuns of(List<String> prompt, int least) {
        final long[] found = new long[MOST_WORDS];
        int count = 0;
        int words = 0;
        for (String text : prompt) {
            final Words read = Words.of(text, true);
            words += read.count;
            for (int last = SHINGLE - 1; last < read.count && count < MOST_WORDS; last++) {
                found[count++] = read.shingle(last);
            }
        }
        final long[] shingles = Arrays.copyOf(found, words < FEWEST_WORDS ? 0 : count);
        Arrays.sort(shingles);
        return new PromptRuns(shingles, Math.min(least, Math.max(FEWEST_WORDS, words)));
    }

    /** Whether there is nothing that could be found. */
    public boolean isEmpty() {
        return shingles.length == 0;
    }

    /** A run of words. */
    public record Run(int start, int end) {}

    /**
     * @param runs in their order, long enough and ended
     * @param decided chars at the beginning of the text in which no other begins
     */
    public record Look(List<Run> runs, int decided) {
        public Look {
            runs = List.copyOf(runs);
        }
    }

    /**
     * Searches a text.
     *
     * @param isOver whether no more of it comes
     */
    public Look look(String text, boolean isOver) {
        final Words words = Words.of(text, isOver);
        final List<Run> runs = new ArrayList<>();
        int first = -1;
        for (int last = SHINGLE - 1; last < words.count; last++) {
            final boolean isKnown = Arrays.binarySearch(shingles, words.shingle(last)) >= 0;
            if (isKnown && first < 0) {
                first = last - SHINGLE + 1;
            } else if (!isKnown && first >= 0) {
                add(first, last - 1, words, runs);
                first = -1;
            }
        }
        if (isOver) {
            if (first >= 0) {
                add(first, words.count - 1, words, runs);
            }
            return new Look(runs, text.length());
        }
        final int open = first >= 0 ? first : Math.max(0, words.count - SHINGLE + 1);
        return new Look(runs, open < words.count ? words.starts[open] : words.rest);
    }

    private void add(int first, int last, Words words, List<Run> runs) {
        if (last - first + 1 >= least) {
            runs.add(new Run(words.starts[first], words.ends[last]));
        }
    }

    /** The words of a text. */
    private static final class Words {
        private static final int USUAL = 256;

        private long[] hashes = new long[USUAL];
        private int[] starts = new int[USUAL];
        private int[] ends = new int[USUAL];
        private int count;
        /** Where the word begins that the text ends in the middle of. */
        private int rest;

        static Words of(String text, boolean isOver) {
            final Words words = new Words();
            int start = -1;
            long hash = 0;
            for (int at = 0; at < text.length(); at++) {
                final char c = text.charAt(at);
                if (Character.isLetterOrDigit(c)) {
                    if (start < 0) {
                        start = at;
                        hash = SEED;
                    }
                    hash = (hash ^ Character.toLowerCase(c)) * SEED;
                    hash ^= hash >>> 29;
                } else if (start >= 0) {
                    words.add(start, at, hash);
                    start = -1;
                }
            }
            if (start >= 0 && isOver) {
                words.add(start, text.length(), hash);
                start = -1;
            }
            words.rest = start < 0 ? text.length() : start;
            return words;
        }

        private void add(int start, int end, long hash) {
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
                starts = Arrays.copyOf(starts, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            hashes[count] = hash;
            starts[count] = start;
            ends[count++] = end;
        }

        /** The hash of a word and those before it. */
        long shingle(int last) {
            long hash = 0;
            for (int i = last - SHINGLE + 1; i <= last; i++) {
                hash = (hash + hashes[i]) * SEED;
                hash ^= hash >>> 31;
            }
            return hash;
        }
    }
}
