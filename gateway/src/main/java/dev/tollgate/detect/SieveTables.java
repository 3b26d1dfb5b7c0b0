package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a {@link KeywordSieve} looks into: two sets, of hashes of four characters and of pairs, a byte each because that is read faster than a bit, and behind each the
 * keywords that are known by them, one after the other, each with eight characters by which most of those that do not stand there are told. Made once, while
 * rules are loaded; not changed after.
 */
final class SieveTables {
    /** Keywords that may be known by the same characters. */
    static final int MOST_SHARING = 24;
    /** Of the eight bytes that are compared, how many end with what a keyword is known by; the others stand behind it. */
    static final int WINDOW_BEFORE = 5;

    private static final int FOUR_BITS = 17;
    /** Of a hash, those by which lists are found. */
    private static final int LIST_BITS = 15;

    private static final int PAIRS = 1 << 16;
    /** Makes capital letters small, and of some other characters others. */
    private static final int SMALL = 0x20202020;

    private static final long SMALL_EIGHT = 0x2020202020202020L;
    private static final int GOLDEN = 0x9E3779B1;
    /** Marks the last entry of a list. */
    private static final int LAST = Integer.MIN_VALUE;

    private final char[][] keywords;
    private final int longest;
    /** Bits of {@link #kind} for what a keyword may be known by, else 0. */
    private final byte[] fours = new byte[1 << FOUR_BITS];

    private final byte[] pairs = new byte[PAIRS];
    /** By hash of four characters, where their list begins; 0 is a list of nothing. */
    private final char[] fourLists = new char[1 << LIST_BITS];
    /** By pair. */
    private final char[] pairLists = new char[PAIRS];
    /** Index of a keyword, in the low byte the distance from where it begins to what it is known by, and whether it is the {@link #LAST}. */
    private final int[] entries;
    /** By entry, the eight bytes that stand around what it is known by, and which of them count. */
    private final long[] around;

    private final long[] counting;

    /**
     * A keyword.
     *
     * @param text      in lower case
     * @param spellings with capitals, if only those count
     * @param behind    bytes of an {@link Image} one of which must follow for the keyword to be told, 0 being the end of the text
     */
    record Keyword(String text, List<String> spellings, BitSet behind) {
        private static final BitSet ANYTHING = BitSet.valueOf(new long[] {-1, -1, -1, -1});

        Keyword {
            spellings = List.copyOf(spellings);
            behind = (BitSet) behind.clone();
        }

        /** One that anything may follow. */
        Keyword(String text, List<String> spellings) {
            this(text, spellings, ANYTHING);
        }

        /** The {@link #kind kinds} of what may stand at a place in the keyword or directly behind it: a bit for each. */
        byte kindsAt(int place) {
            return place < text.length()
                    ? (byte) (1 << kind(Image.of(text.charAt(place))))
                    : (byte) behind.stream().map(one -> 1 << kind((byte) one)).reduce(0, (some, one) -> some | one);
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
        this.longest = keywords.stream()
                .mapToInt(keyword -> keyword.text().length())
                .max()
                .orElse(0);
        final Map<Integer, Set<Integer>> listsOfFours = new TreeMap<>();
        final Map<Integer, Set<Integer>> listsOfPairs = new TreeMap<>();
        known.forEach((by, list) -> {
            for (int entry : list) {
                mark(by, keywords.get(keyword(entry)).kindsAt(distance(entry) + 1));
            }
            if (by.isPair()) {
                listsOfPairs
                        .computeIfAbsent(by.symbols(), any -> new LinkedHashSet<>())
                        .addAll(list);
            } else {
                listsOfFours
                        .computeIfAbsent(list(by.symbols()), any -> new LinkedHashSet<>())
                        .addAll(list);
            }
        });
        // The list of nothing: no eight bytes are like that.
        final List<Integer> all = new ArrayList<>(List.of(LAST));
        listsOfFours.forEach((hash, list) -> fourLists[hash] = append(list, all));
        listsOfPairs.forEach((pair, list) -> pairLists[pair] = append(list, all));
        this.entries = all.stream().mapToInt(entry -> entry).toArray();
        this.around = new long[entries.length];
        this.counting = new long[entries.length];
        counting[0] = -1;
        for (int i = 1; i < entries.length; i++) {
            describe(i);
        }
    }

    private void mark(Landmarks.Known by, byte kindsBehind) {
        if (by.isPair()) {
            pairs[by.symbols()] |= kindsBehind;
        } else {
            fours[hash(by.symbols())] |= kindsBehind;
        }
    }

    private static char append(Set<Integer> list, List<Integer> all) {
        if (all.size() > Character.MAX_VALUE) {
            throw new IllegalArgumentException("there are too many keywords");
        }
        final char first = (char) all.size();
        all.addAll(list);
        all.set(all.size() - 1, all.getLast() | LAST);
        return first;
    }

    private void describe(int index) {
        final char[] word = keywords[keyword(entries[index])];
        final int first = distance(entries[index]) - WINDOW_BEFORE + 1;
        for (int i = 0; i < Long.BYTES; i++) {
            if (first + i >= 0 && first + i < word.length) {
                around[index] |= ((Image.of(word[first + i]) | 0x20L) & 0xFF) << (Byte.SIZE * i);
                counting[index] |= 0xFFL << (Byte.SIZE * i);
            }
        }
    }

    /** @param four bytes of an {@link Image}, the first one lowest, in any case */
    static int folded(int four) {
        return four | SMALL;
    }

    /** @param folded see {@link #folded} */
    static int hash(int folded) {
        return (folded * GOLDEN) >>> (Integer.SIZE - FOUR_BITS);
    }

    private static int list(int folded) {
        return hash(folded) >>> (FOUR_BITS - LIST_BITS);
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

    /** Of a byte of an {@link Image}, 0 to 7: the same for a letter and its capital. */
    static int kind(int one) {
        return one & 7;
    }

    /** By {@link #hash}, a bit for each {@link #kind} of the character behind if a keyword may be known by such four. Not to be written to. */
    byte[] fours() {
        return fours;
    }

    /** By {@link #pair}, the same. Not to be written to. */
    byte[] pairs() {
        return pairs;
    }

    /**
     * The first keyword that may be known by four characters, for {@link #entry}.
     *
     * @param eight bytes of an {@link Image}, the four being the second to the fifth
     */
    int byFour(long eight) {
        return fourLists[list(folded((int) (eight >>> Byte.SIZE)))];
    }

    /** As {@link #byFour}, for the pair of the fourth and the fifth. */
    int byPair(long eight) {
        return pairLists[(int) (eight >>> (3 * Byte.SIZE)) & (PAIRS - 1)];
    }

    /** Keyword and distance; behind it stands another one of the list, unless it {@link #isLast}. */
    int entry(int index) {
        return entries[index];
    }

    static boolean isLast(int entry) {
        return entry < 0;
    }

    /** Index of the keyword in the list given at construction. */
    static int keyword(int entry) {
        return (entry & ~LAST) >>> Byte.SIZE;
    }

    /** From where the keyword begins to the last character that it is known by. */
    static int distance(int entry) {
        return entry & 0xFF;
    }

    /** Whether the keyword may stand among these eight bytes of an {@link Image}: a quick look. */
    boolean mayStand(int index, long eight) {
        return (((eight | SMALL_EIGHT) ^ around[index]) & counting[index]) == 0;
    }

    /** How many keywords there are. */
    int size() {
        return keywords.length;
    }

    /** Length of the longest keyword, in chars; 0 if there is none. */
    int longest() {
        return longest;
    }

    /** In lower case; not to be written to. */
    char[] keywordAt(int index) {
        return keywords[index];
    }
}
