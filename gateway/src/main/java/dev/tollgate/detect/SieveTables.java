package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link KeywordSieve} looks into: two sets of bits, over hashes of the last four and of the last two characters, and behind each hash the
 * keywords that are known by it. Made once, while rules are loaded; not changed after.
 */
final class SieveTables {
    /** Keywords that may be known by the same characters. */
    static final int MOST_SHARING = 24;

    /** By character: ASCII by its lower case, others by a number from -128 to -1 that upper and lower case share. */
    static final byte[] SYMBOLS = symbols();

    private static final int FOUR_BITS = 17;
    private static final int PAIRS = 1 << 15;
    private static final int GOLDEN = 0x9E3779B1;

    private final char[][] keywords;
    private final long[] fourBits = new long[1 << (FOUR_BITS - 6)];
    private final long[] pairBits = new long[PAIRS >>> 6];
    /** What the keywords are known by, with open addressing; beside each the keywords. */
    private final int[] keys;

    private final int[][] entries;

    /** A keyword: in lower case, and whether only its spellings with capitals count. */
    record Keyword(String text, List<String> spellings) {
        Keyword {
            spellings = List.copyOf(spellings);
        }
    }

    static SieveTables of(List<Keyword> keywords) {
        final Builder builder = new Builder();
        for (int i = 0; i < keywords.size(); i++) {
            builder.add(i, keywords.get(i));
        }
        return new SieveTables(keywords, builder.known);
    }

    private SieveTables(List<Keyword> keywords, Map<Known, List<Integer>> known) {
        this.keywords =
                keywords.stream().map(keyword -> keyword.text().toCharArray()).toArray(char[][]::new);
        this.keys = new int[Integer.highestOneBit(Math.max(1, known.size())) * 4];
        this.entries = new int[keys.length][];
        known.forEach((by, words) -> {
            if (by.isPair) {
                mark(pairBits, by.symbols);
            } else {
                mark(fourBits, four(by.symbols));
            }
            put(by.isPair ? pairKey(by.symbols) : by.symbols, words);
        });
        markDigits();
    }

    /** The beginnings of digit groups are marked like keywords, but have no entry. */
    private void markDigits() {
        for (int before = 0; before <= 0xFF; before++) {
            for (char digit = '0'; digit <= '9' && (before < '0' || before > '9'); digit++) {
                mark(pairBits, pair(before, digit));
            }
        }
    }

    private static void mark(long[] bits, int hash) {
        bits[hash >>> 6] |= 1L << hash;
    }

    private void put(int key, List<Integer> words) {
        int slot = slot(key);
        while (entries[slot] != null) {
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        entries[slot] = words.stream().mapToInt(Integer::intValue).distinct().toArray();
    }

    private int slot(int key) {
        return ((key * GOLDEN) >>> 8) & (keys.length - 1);
    }

    /** Two things may have one key: whoever is found by it is compared anyway. */
    private static int pairKey(int pair) {
        return pair | (0xFF << 24);
    }

    /** @return indexes of the keywords known by these symbols, each with the distance from where it begins; null for none */
    private int @Nullable [] find(int key) {
        int slot = slot(key);
        while (entries[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return entries[slot];
    }

    private static byte[] symbols() {
        final byte[] symbols = new byte[1 << Character.SIZE];
        for (int c = 0; c < symbols.length; c++) {
            final int low = Character.toLowerCase((char) c);
            symbols[c] = (byte) (low < 0x80 ? low : 0x80 | ((low * 0x9E37) >>> 7));
        }
        return symbols;
    }

    /** @param packed the symbols of the last four characters, the last one lowest */
    static int four(int packed) {
        return (packed * GOLDEN) >>> (Integer.SIZE - FOUR_BITS);
    }

    /**
     * The second letter keeps its case here: keywords of two capitals are many, and words with the same letters everywhere.
     *
     * @param packed symbols up to the first one of the pair, which is the lowest of them
     */
    static int pair(int packed, char c) {
        return (((packed & 0xFF) << 7) ^ c) & (PAIRS - 1);
    }

    /** The symbols of up to four characters that end with {@code at}. */
    private static int packed(String text, int at) {
        int packed = 0;
        for (int i = Math.max(0, at - 3); i <= at; i++) {
            packed = (packed << 8) | (SYMBOLS[text.charAt(i)] & 0xFF);
        }
        return packed;
    }

    long[] fourBits() {
        return fourBits;
    }

    long[] pairBits() {
        return pairBits;
    }

    int @Nullable [] byFour(int packed) {
        return find(packed);
    }

    int @Nullable [] byPair(int pair) {
        return find(pairKey(pair));
    }

    /** In lower case; not to be written to. */
    char[] keyword(int index) {
        return keywords[index];
    }

    /**
     * What a keyword is known by.
     *
     * @param symbols of four characters, or the hash of a pair
     */
    private record Known(int symbols, boolean isPair) {}

    /** Chooses what each keyword is known by. */
    private static final class Builder {
        private final Map<Known, List<Integer>> known = new LinkedHashMap<>();

        void add(int index, Keyword keyword) {
            final String word = keyword.text;
            if (word.length() > KeywordSieve.MOST_LENGTH) {
                throw new IllegalArgumentException(
                        "a keyword has " + word.length() + " chars, allowed are " + KeywordSieve.MOST_LENGTH);
            }
            if (word.length() > 3) {
                final int end = leastCommon(word);
                list(new Known(packed(word, end), false), (index << 8) | end);
                return;
            }
            final boolean anyCase = keyword.spellings.isEmpty();
            for (String spelling : anyCase ? List.of(word) : keyword.spellings) {
                final int end = word.length() < 3 || isRarer(word, 1, 2) ? word.length() - 1 : 1;
                pairs(spelling, end, anyCase, (index << 8) | end);
            }
        }

        private static boolean isRarer(String word, int one, int other) {
            return CommonWords.commonness(word.substring(one, one + 2))
                    <= CommonWords.commonness(word.substring(other - 2, other));
        }

        private void list(Known by, int entry) {
            final List<Integer> sharing = known.computeIfAbsent(by, any -> new ArrayList<>());
            sharing.add(entry);
            if (sharing.size() > MOST_SHARING) {
                throw new IllegalArgumentException(
                        "more than " + MOST_SHARING + " keywords have no characters of their own");
            }
        }

        /** The last char of the four in a row that are met least in texts. */
        private int leastCommon(String word) {
            int best = 3;
            int bestScore = Integer.MAX_VALUE;
            for (int end = 3; end < word.length(); end++) {
                final int sharing = known.getOrDefault(new Known(packed(word, end), false), List.of())
                        .size();
                final int score = 8 * sharing + CommonWords.commonness(word.substring(end - 3, end + 1));
                if (score < bestScore) {
                    bestScore = score;
                    best = end;
                }
            }
            return best;
        }

        private void pairs(String word, int end, boolean anyCase, int entry) {
            for (char last : cases(word.charAt(end), anyCase)) {
                if (end == 0) {
                    for (int hash = 0; hash < PAIRS; hash += 1 << 7) {
                        list(new Known(hash ^ pair(0, last), true), entry);
                    }
                } else {
                    list(new Known(pair(SYMBOLS[word.charAt(end - 1)], last), true), entry);
                }
            }
        }

        private static char[] cases(char c, boolean anyCase) {
            final char upper = Character.toUpperCase(c);
            return anyCase && upper != c ? new char[] {c, upper} : new char[] {c};
        }
    }
}
