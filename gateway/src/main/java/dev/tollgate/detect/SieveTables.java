package dev.tollgate.detect;

import java.util.List;
import java.util.Map;

/**
 * What a {@link KeywordSieve} looks into: two sets of bits, over hashes of the last four and of the last two characters, and behind each hash the
 * keywords that are known by it. Made once, while rules are loaded; not changed after.
 */
final class SieveTables {
    /** Keywords that may be known by the same characters. */
    static final int MOST_SHARING = 24;

    private static final int FOUR_BITS = 18;
    private static final int PAIRS = 1 << 16;
    /** Makes capital letters small, and of some other characters others. */
    private static final int SMALL = 0x20202020;

    private static final long SMALL_EIGHT = 0x2020202020202020L;
    private static final long LONG_GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FIVE = 0xFF_FFFF_FFFFL;
    private static final long FOUR = 0xFFFF_FFFFL;
    private static final long THREE = 0xFF_FFFFL;
    private static final long TWO = 0xFFFFL;
    /** Tells characters with the one behind them from those with the one before, and from those by themselves. */
    private static final long NEXT = 1L << 60;

    private static final long BEFORE = 2L << 60;
    private static final long SINGLE = 3L << 60;
    /** Of a number that says where a list begins and how long it is. */
    private static final int COUNT_BITS = 8;

    private static final int GOLDEN = 0x9E3779B1;

    private static final int FULL = Long.BYTES;

    private final char[][] keywords;
    /** By keyword, its first eight bytes, folded, and which of them count. */
    private final long[] beginnings;

    private final long[] counting;
    private final long[] fourBits = new long[1 << (FOUR_BITS - 6)];
    private final long[] pairBits = new long[PAIRS >>> 6];
    /** Of what keywords are known by, together with one more of their characters, if they have one. */
    private final long[] moreBits = new long[1 << (FOUR_BITS - 6)];
    /** What keywords are known by, with open addressing: beside each, where in {@link #entries} they begin, and how many they are; 0 for none. */
    private final long[] slots;
    /** Index of a keyword, and in the low byte the distance from where it begins to what it is known by. */
    private final int[] entries;

    /** A keyword: in lower case, and whether only its spellings with capitals count. */
    record Keyword(String text, List<String> spellings) {
        Keyword {
            spellings = List.copyOf(spellings);
        }
    }

    static SieveTables of(List<Keyword> keywords) {
        final Landmarks landmarks = new Landmarks();
        for (int i = 0; i < keywords.size(); i++) {
            landmarks.add(i, keywords.get(i));
        }
        return new SieveTables(keywords, landmarks.known());
    }

    private SieveTables(List<Keyword> keywords, Map<Landmarks.Known, List<Integer>> known) {
        this.keywords =
                keywords.stream().map(keyword -> keyword.text().toCharArray()).toArray(char[][]::new);
        this.beginnings = new long[keywords.size()];
        this.counting = new long[keywords.size()];
        for (int i = 0; i < keywords.size(); i++) {
            final String word = keywords.get(i).text();
            final int count = Math.min(FULL, word.length());
            counting[i] = -1L >>> (Long.SIZE - Byte.SIZE * count);
            for (int at = 0; at < count; at++) {
                beginnings[i] |= ((Image.of(word.charAt(at)) | 0x20L) & 0xFF) << (Byte.SIZE * at);
            }
        }
        this.slots = new long[Integer.highestOneBit(Math.max(1, known.size())) * 4];
        this.entries = new int[known.values().stream().mapToInt(List::size).sum()];
        int next = 0;
        for (Map.Entry<Landmarks.Known, List<Integer>> some : known.entrySet()) {
            final Landmarks.Known by = some.getKey();
            if (by.isPair()) {
                mark(pairBits, by.symbols());
            } else {
                mark(fourBits, hash(by.symbols()));
            }
            final int first = next;
            for (int entry : some.getValue().stream().distinct().toList()) {
                entries[next++] = entry;
                markMore(keywords.get(entry >>> 8).text(), entry & 0xFF, by.isPair() ? 2 : 4);
            }
            put(by.isPair() ? pairKey(by.symbols()) : by.symbols(), (first << COUNT_BITS) | (next - first));
        }
        markDigits();
    }

    /** The beginnings of digit groups are marked like keywords, but have no entry. */
    private void markDigits() {
        for (int before = 0; before <= 0xFF; before++) {
            for (byte digit = '0'; digit <= '9' && (before < '0' || before > '9'); digit++) {
                mark(pairBits, pair((byte) before, digit));
            }
        }
    }

    /** @param end of what the keyword is known by, its last char */
    private void markMore(String word, int end, int length) {
        final boolean hasNext = end + 1 < word.length();
        final boolean hasBefore = end >= length;
        final int from = end + 1 - length - (hasBefore && !hasNext ? 1 : 0);
        final int to = end + 1 + (hasNext ? 1 : 0);
        long key = 0;
        for (int i = Math.max(0, from); i < to; i++) {
            key |= ((Image.of(word.charAt(i)) | 0x20L) & 0xFF) << (Byte.SIZE * (i - from));
        }
        if (from < 0) {
            // Known by one character, whatever stands before it.
            for (long before = 0; before <= 0xFF; before++) {
                mark(moreBits, hash(key | before | 0x20, SINGLE));
            }
        } else {
            mark(moreBits, hash(key, hasNext ? NEXT : hasBefore ? BEFORE : SINGLE));
        }
    }

    private static int hash(long key, long which) {
        return (int) (((key ^ which) * LONG_GOLDEN) >>> (Long.SIZE - FOUR_BITS));
    }

    private int more(long key, long which) {
        final int hash = hash(key, which);
        return (int) (moreBits[hash >>> 6] >>> hash) & 1;
    }

    /**
     * A closer look at four bytes that may be those that a keyword is known by, without a branch.
     *
     * @param eight bytes of an {@link Image}, the four being the second to the fifth
     * @return 1 if a keyword may be there, else 0
     */
    int mayBeFour(long eight) {
        final long small = eight | SMALL_EIGHT;
        return more((small >>> 8) & FIVE, NEXT) | more(small & FIVE, BEFORE) | more((small >>> 8) & FOUR, SINGLE);
    }

    /** As {@link #mayBeFour}, for the pair of the fourth and the fifth. */
    int mayBePair(long eight) {
        final long small = eight | SMALL_EIGHT;
        return more((small >>> 24) & THREE, NEXT)
                | more((small >>> 16) & THREE, BEFORE)
                | more((small >>> 24) & TWO, SINGLE);
    }

    private static void mark(long[] bits, int hash) {
        bits[hash >>> 6] |= 1L << hash;
    }

    private void put(int key, int list) {
        int slot = slot(key);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = ((long) key << Integer.SIZE) | list;
    }

    private int slot(int key) {
        return ((key * GOLDEN) >>> 8) & (slots.length - 1);
    }

    /** Two things may have one key: whoever is found by it is compared anyway. */
    private static int pairKey(int pair) {
        return pair | (0x5F << 24);
    }

    private int find(int key) {
        int slot = slot(key);
        while (slots[slot] != 0 && (int) (slots[slot] >>> Integer.SIZE) != key) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return (int) slots[slot];
    }

    /** @param four bytes of an {@link Image}, the first one lowest, in any case */
    static int folded(int four) {
        return four | SMALL;
    }

    /** @param folded see {@link #folded} */
    static int hash(int folded) {
        return (folded * GOLDEN) >>> (Integer.SIZE - FOUR_BITS);
    }

    /** Case counts here: keywords of two capitals are many, and words with the same letters everywhere. */
    static int pair(byte first, byte second) {
        return (first & 0xFF) | ((second & 0xFF) << 8);
    }

    /** @param four bytes of an {@link Image}, of which the last two count */
    static int lastPair(int four) {
        return four >>> Short.SIZE;
    }

    /** Four characters that end with {@code at}. */
    static int folded(String text, int at) {
        int four = 0;
        for (int i = 0; i < 4; i++) {
            four |= (Image.of(text.charAt(at - 3 + i)) & 0xFF) << (Byte.SIZE * i);
        }
        return folded(four);
    }

    long[] fourBits() {
        return fourBits;
    }

    long[] pairBits() {
        return pairBits;
    }

    /** @return the keywords known by these characters, for {@link #count} and {@link #entry} */
    int byFour(int folded) {
        return find(folded);
    }

    /** @return the keywords known by these characters, for {@link #count} and {@link #entry} */
    int byPair(int pair) {
        return find(pairKey(pair));
    }

    static int count(int list) {
        return list & ((1 << COUNT_BITS) - 1);
    }

    /** @return index of a keyword, and in the low byte the distance from where it begins to what it is known by */
    int entry(int list, int index) {
        return entries[(list >>> COUNT_BITS) + index];
    }

    /**
     * Whether the keyword may begin with these bytes: a quick look at the first eight.
     *
     * @param eight bytes of an {@link Image}, the first one lowest
     */
    boolean mayBegin(int keyword, long eight) {
        return (((eight | SMALL_EIGHT) ^ beginnings[keyword]) & counting[keyword]) == 0;
    }

    /** In lower case; not to be written to. */
    char[] keyword(int index) {
        return keywords[index];
    }
}
