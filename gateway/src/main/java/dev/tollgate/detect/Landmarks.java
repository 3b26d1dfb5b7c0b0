package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses what each keyword is known by: those four characters in a row, or for short ones that pair, which are met least in texts. */
final class Landmarks {
    /**
     * What a keyword is known by.
     *
     * @param symbols of four characters, or of a pair
     */
    record Known(int symbols, boolean isPair) {}

    /** What it counts if nothing of the keyword stands behind the four. */
    private static final int WITHOUT_NEXT = 64;

    private final Map<Known, List<Integer>> known = new LinkedHashMap<>();

    void add(int index, SieveTables.Keyword keyword) {
        final String word = keyword.text();
        if (word.length() > KeywordSieve.MOST_LENGTH) {
            throw new IllegalArgumentException(
                    "a keyword has " + word.length() + " chars, allowed are " + KeywordSieve.MOST_LENGTH);
        }
        if (word.length() > 3) {
            final int end = leastCommon(word);
            list(new Known(SieveTables.folded(word, end), false), (index << 8) | end);
            return;
        }
        final boolean anyCase = keyword.spellings().isEmpty();
        for (String spelling : anyCase ? List.of(word) : keyword.spellings()) {
            final int end = word.length() < 3 || isRarer(word, 1, 2) ? word.length() - 1 : 1;
            pairs(spelling, end, anyCase, (index << 8) | end);
        }
    }

    private static boolean isRarer(String word, int one, int other) {
        return CommonWords.commonness(word.substring(one, one + 2))
                <= CommonWords.commonness(word.substring(other - 2, other));
    }

    /** The keywords by what they are known by, each with the distance from where it begins to the last of these characters. */
    Map<Known, List<Integer>> known() {
        return known;
    }

    private void list(Known by, int entry) {
        final List<Integer> sharing = known.computeIfAbsent(by, any -> new ArrayList<>());
        sharing.add(entry);
        if (sharing.size() > SieveTables.MOST_SHARING) {
            throw new IllegalArgumentException(
                    "more than " + SieveTables.MOST_SHARING + " keywords have no characters of their own");
        }
    }

    /** The last char of the four in a row that are met least in texts. */
    private int leastCommon(String word) {
        int best = 3;
        int bestScore = Integer.MAX_VALUE;
        for (int end = 3; end < word.length(); end++) {
            final int sharing = known.getOrDefault(new Known(SieveTables.folded(word, end), false), List.of())
                    .size();
            // With a character behind, few of the places remain that have these four.
            final int alone = end + 1 == word.length() ? WITHOUT_NEXT : 0;
            final int score = 8 * sharing + alone + CommonWords.commonness(word.substring(end - 3, end + 1));
            if (score < bestScore) {
                bestScore = score;
                best = end;
            }
        }
        return best;
    }

    private void pairs(String word, int end, boolean anyCase, int entry) {
        for (byte last : cases(word.charAt(end), anyCase)) {
            if (end == 0) {
                for (int first = 0; first <= 0xFF; first++) {
                    list(new Known(SieveTables.pair((byte) first, last), true), entry);
                }
            } else {
                for (byte first : cases(word.charAt(end - 1), anyCase)) {
                    list(new Known(SieveTables.pair(first, last), true), entry);
                }
            }
        }
    }

    private static byte[] cases(char c, boolean anyCase) {
        final byte one = Image.of(c);
        final byte other = Image.of(Character.toUpperCase(c));
        return !anyCase || one == other ? new byte[] {one} : new byte[] {one, other};
    }
}
