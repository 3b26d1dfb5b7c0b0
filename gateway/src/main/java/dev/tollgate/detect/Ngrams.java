package dev.tollgate.detect;

/**
 * Cuts a text into n-grams and hashes each into one of {@link #BUCKETS}: every four characters, every word and every two words in a row.
 * Case, which digit, and how much blank space do not count; letters of scripts without spaces are words of their own. The same for
 * training and for judging. Reads each character once and allocates nothing.
 */
public final class Ngrams {
    private static final int BITS = 18;
    /** Buckets that n-grams are hashed into. */
    public static final int BUCKETS = 1 << BITS;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long PAIR = 0xC2B2AE3D27D4EB4FL;
    static final long WORD = 0x165667B19E3779F9L;
    /** Characters of a gram: as many as a long holds. */
    static final int CHARS = Long.SIZE / Character.SIZE;

    private Ngrams() {}

    /** Receives n-grams in the order of their ends. */
    @FunctionalInterface
    public interface Features {
        /**
         * @param bucket 0 to {@link #BUCKETS} - 1
         * @param end behind the last character of the n-gram, in the text
         */
        void feature(int bucket, int end);
    }

    /** The n-grams of {@code from..to}. */
    public static void cut(String text, int from, int to, Features features) {
        long chars = ' ';
        int count = 0;
        long word = 0;
        long before = 0;
        char last = ' ';
        for (int i = from; i < to; i++) {
            final char c = plain(text.charAt(i));
            if (c == ' ' && last == ' ') {
                continue;
            }
            last = c;
            chars = (chars << Character.SIZE) | c;
            if (++count >= CHARS - 1) {
                features.feature(bucket(chars), i + 1);
            }
            final boolean alone = isWordByItself(c);
            if (word != 0 && (alone || !isPartOfWord(c))) {
                before = endWord(word, before, i, features);
                word = 0;
            }
            if (alone) {
                before = endWord(WORD + c, before, i + 1, features);
            } else if (isPartOfWord(c)) {
                word = (word + c) * WORD;
            }
        }
        if (word != 0) {
            long unused = endWord(word, before, to, features);
        }
    }

    private static long endWord(long word, long before, int end, Features features) {
        features.feature(bucket(word), end);
        if (before != 0) {
            features.feature(bucket(pair(before, word)), end);
        }
        return word;
    }

    /** Hash of two words in a row. */
    static long pair(long before, long word) {
        return before * PAIR + word;
    }

    static int bucket(long gram) {
        final long mixed = (gram ^ (gram >>> 29)) * GOLDEN;
        return (int) (mixed >>> (Long.SIZE - BITS));
    }

    /** What the character counts as. */
    static char plain(char c) {
        if (c < 0x80) {
            if (c >= 'a' && c <= 'z') {
                return c;
            }
            if (c >= 'A' && c <= 'Z') {
                return (char) (c | 0x20);
            }
            return c >= '0' && c <= '9' ? '0' : c <= ' ' ? ' ' : c;
        }
        return Character.isWhitespace(c) || c == 0xA0 ? ' ' : Character.toLowerCase(c);
    }

    /** @param c plain */
    static boolean isPartOfWord(char c) {
        return (c >= 'a' && c <= 'z') || c == '0' || (c >= 0x80 && Character.isLetterOrDigit(c));
    }

    /** Chinese, Japanese and Thai letters: what a word is cannot be told from spaces. */
    static boolean isWordByItself(char c) {
        return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0x0E00 && c <= 0x0E7F);
    }
}
