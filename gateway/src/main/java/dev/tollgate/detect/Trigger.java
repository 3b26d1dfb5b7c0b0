package dev.tollgate.detect;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * What must be seen before a rule's expression runs, and where it then runs.
 *
 * @param keywords literals, any of which triggers; those that hold a capital only as written, the others in any case; empty if
 *                 {@code digits} triggers
 * @param digits   triggers where at least so many digits follow, separators between them allowed; 0 if keywords do
 * @param fresh    whether the character before the match must be no ASCII letter
 * @param run      at least so many characters of which keys are made must follow from the hit on
 * @param start    where the match may begin
 * @param reach    the longest match, in chars
 */
record Trigger(List<String> keywords, int digits, boolean fresh, int run, Start start, int reach) {

    /** No match may be longer than this, so that one window of it is small against any budget. */
    static final int MOST_REACH = Normaliser.OVERLAP / 2;

    /** Farthest that a match may begin from its keyword, in chars: the window is searched once per hit. */
    static final int MOST_WINDOW = 256;

    private static final boolean[] KEY_CHARACTERS = keyCharacters();

    /** Where a match may begin, seen from the hit. */
    sealed interface Start {
        /**
         * Exactly at the hit, moved back over some characters, as over the name before an {@code @}.
         *
         * @param over  characters that are stepped over; empty for none
         * @param least at least so many of them
         * @param most  at most so many of them
         */
        record Fixed(BitSet over, int least, int most) implements Start {}

        /** Anywhere from {@code before} chars before the hit to {@code after} chars behind it. */
        record Within(int before, int after) implements Start {}
    }

    Trigger {
        keywords = List.copyOf(keywords);
        if (keywords.isEmpty() == (digits == 0)) {
            throw new IllegalArgumentException("a rule needs keywords or digits, and not both");
        }
        if (reach < 1 || reach > MOST_REACH) {
            throw new IllegalArgumentException("reach " + reach + " is not within 1.." + MOST_REACH);
        }
    }

    /** The keywords as the sieve wants them. */
    List<String> folded() {
        return keywords.stream()
                .map(keyword -> keyword.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** How a keyword must be written to trigger; empty if its case does not matter. */
    List<String> spellings(String folded) {
        final List<String> same = keywords.stream()
                .filter(keyword -> keyword.toLowerCase(Locale.ROOT).equals(folded))
                .toList();
        return same.contains(folded) ? List.of() : same;
    }

    /** A cheap look before the expression is tried: reads a few characters around the hit. */
    boolean mayMatch(String text, int hit) {
        if (start instanceof Start.Fixed(BitSet over, int least, int most)) {
            if (fresh && most == 0 && !mayStart(text, hit)) {
                return false;
            }
            for (int i = 1; i <= least; i++) {
                if (hit < i || !over.get(text.charAt(hit - i))) {
                    return false;
                }
            }
        }
        for (int i = 0; i < run; i++) {
            if (hit + i == text.length() || !isOfKey(text.charAt(hit + i))) {
                return false;
            }
        }
        return true;
    }

    /** How many chars before the hit {@link #mayMatch} reads at most. */
    int looksBack() {
        return start instanceof Start.Fixed fixed ? Math.max(1, fixed.least) : 0;
    }

    /** Whether the character before allows a match to begin at {@code position}. */
    boolean mayStart(String text, int position) {
        return !fresh || position == 0 || !isLetter(text.charAt(position - 1));
    }

    /** The first place at which the expression is tried for a hit at {@code hit}. */
    int firstStart(String text, int hit) {
        return switch (start) {
            case Start.Within(int before, int after) -> Math.max(0, hit - before);
            case Start.Fixed(BitSet over, int least, int most) -> {
                int from = hit;
                while (from > 0 && hit - from < most && over.get(text.charAt(from - 1))) {
                    from--;
                }
                yield from;
            }
        };
    }

    /** The last such place, {@code first} being the first. */
    int lastStart(String text, int hit, int first) {
        return start instanceof Start.Within within ? Math.min(text.length(), hit + within.after) : first;
    }

    /** Before so many chars at the end of a text that goes on, nothing can begin to be a match that was not met yet. */
    int unmet() {
        final int triggering = Math.max(
                2 * digits, keywords.stream().mapToInt(String::length).max().orElse(0));
        return triggering + mostBefore();
    }

    /** How many chars before the hit a match may begin. */
    int mostBefore() {
        return switch (start) {
            case Start.Within within -> within.before();
            case Start.Fixed fixed -> fixed.most();
        };
    }

    /** Behind the last char that the expression may read for a hit at {@code hit}. */
    int endFor(String text, int hit) {
        final int after = start instanceof Start.Within within ? within.after : 0;
        return Math.min(text.length(), hit + after + reach);
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    /** Whether keys may hold the character; at ASCII a symbol is a character. */
    static boolean isOfKey(int symbol) {
        return symbol < KEY_CHARACTERS.length && KEY_CHARACTERS[symbol];
    }

    private static boolean[] keyCharacters() {
        final boolean[] member = new boolean[0x80];
        for (char c = 0; c < member.length; c++) {
            member[c] = isLetter(c) || (c >= '0' && c <= '9') || "_-.+/=~:!".indexOf(c) >= 0;
        }
        return member;
    }
}
