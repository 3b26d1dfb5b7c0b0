package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Words one of which must stand near a match. */
final class ContextWords {
    private static final int SLOTS = 512;

    private static final String[] NONE = {};

    /** By their first two characters. */
    private final String[][] byBeginning = new String[SLOTS][];

    private final int nearby;
    private final boolean isEmpty;

    /**
     * @param words  of two chars at least; case does not matter
     * @param nearby chars before and behind a match in which a word counts
     */
    ContextWords(List<String> words, int nearby) {
        this.nearby = nearby;
        this.isEmpty = words.isEmpty();
        Arrays.fill(byBeginning, NONE);
        for (String word : words) {
            final String folded = word.toLowerCase(Locale.ROOT);
            if (folded.length() < 2) {
                throw new IllegalArgumentException("the context word '" + word + "' has fewer than two characters");
            }
            final int slot = slot(folded.charAt(0), folded.charAt(1));
            final List<String> same = new ArrayList<>(List.of(byBeginning[slot]));
            same.add(folded);
            byBeginning[slot] = same.toArray(String[]::new);
        }
    }

    boolean isEmpty() {
        return isEmpty;
    }

    int nearby() {
        return nearby;
    }

    /** Whether a word stands near what lies within {@code start..end}; true if none is asked for. */
    boolean standNear(String text, int start, int end, Work work) {
        if (isEmpty) {
            return true;
        }
        final int to = Math.min(text.length(), end + nearby);
        final int from = Math.max(0, start - nearby);
        work.spend(to - from);
        for (int i = from; i + 1 < to; i++) {
            for (String word : byBeginning[slot(text.charAt(i), text.charAt(i + 1))]) {
                if (i + word.length() <= to && text.regionMatches(true, i, word, 0, word.length())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int slot(char first, char second) {
        return (((Image.of(first) | 0x20) * 31) ^ (Image.of(second) | 0x20)) & (SLOTS - 1);
    }
}
