package dev.tollgate.detect;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What must be seen before a rule's expression runs, and where it then runs.
 *
 * @param keywords literals, any of which triggers; those that hold a capital only as written, the others in any case; empty if
 *                 {@code digits} triggers
 * @param digits   triggers where at least so many digits follow, separators between them allowed; 0 if keywords do
 * @param fresh    whether the character before the match must be no ASCII letter
 * @param run      what must follow from the hit on
 * @param start    where the match may begin
 * @param reach    the longest match, in chars
 */
record Trigger(List<String> keywords, int digits, boolean fresh, Run run, Start start, int reach) {

    /** No match may be longer than this, so that one window of it is small against any budget. */
    static final int MOST_REACH = Normaliser.OVERLAP / 2;

    /** Farthest that a match may begin from its keyword, in chars: the window is searched once per hit. */
    static final int MOST_WINDOW = 256;

    /** What the character before a match is not, where it is asked to be {@code fresh}. */
    private static final AsciiSet LETTERS = members("[A-Za-z]");

    /**
     * Characters in a row.
     *
     * @param least at least so many
     * @param of    each of them one of these
     */
    record Run(int least, AsciiSet of) {
        /** What keys are made of. */
        private static final AsciiSet KEY = members("[A-Za-z0-9_.+/=~:!-]");

        static Run ofKey(int least) {
            return new Run(least, KEY);
        }
    }

    /** Where a match may begin, seen from the hit. */
    sealed interface Start {
        /**
         * Exactly at the hit, moved back over some characters, as over the name before an {@code @}.
         *
         * @param over  characters that are stepped over; empty for none
         * @param least at least so many of them
         * @param most  at most so many of them
         */
        record Fixed(AsciiSet over, int least, int most) implements Start {}

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
    boolean mayMatch(Image image, int hit) {
        final byte[] bytes = image.bytes();
        final int at = Image.MARGIN + hit;
        if (start instanceof Start.Fixed fixed) {
            if (fresh && fixed.most == 0 && !mayStart(image, hit)) {
                return false;
            }
            for (int i = 1; i <= fixed.least; i++) {
                if (hit < i || !fixed.over.has(bytes[at - i])) {
                    return false;
                }
            }
        }
        for (int i = 0; i < run.least; i++) {
            if (hit + i == image.length() || !run.of.has(bytes[at + i])) {
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
    boolean mayStart(Image image, int position) {
        return !fresh || position == 0 || !LETTERS.has(image.bytes()[Image.MARGIN + position - 1]);
    }

    /** The first place at which the expression is tried for a hit at {@code hit}. */
    int firstStart(Image image, int hit) {
        if (!(start instanceof Start.Fixed fixed)) {
            return Math.max(0, hit - mostBefore());
        }
        final byte[] bytes = image.bytes();
        final int least = Math.max(0, hit - fixed.most);
        int from = hit;
        while (from > least && fixed.over.has(bytes[Image.MARGIN + from - 1])) {
            from--;
        }
        return from;
    }

    /** The last such place, {@code first} being the first. */
    int lastStart(Image image, int hit, int first) {
        return start instanceof Start.Within within ? Math.min(image.length(), hit + within.after) : first;
    }

    /** Before so many chars at the end of a text that goes on, nothing can begin to be a match that was not met yet. */
    int unmet() {
        final int triggering = Math.max(
                2 * digits, keywords.stream().mapToInt(String::length).max().orElse(0));
        return triggering + mostBefore();
    }

    /** How many chars before the hit a match may begin. */
    int mostBefore() {
        return start instanceof Start.Within within ? within.before : ((Start.Fixed) start).most;
    }

    /** Behind the last char that the expression may read for a hit at {@code hit}. */
    int endFor(Image image, int hit) {
        final int after = start instanceof Start.Within within ? within.after : 0;
        return Math.min(image.length(), hit + after + reach);
    }

    /** @param characterClass as expressions write it; of what is in it the ASCII characters */
    static AsciiSet members(String characterClass) {
        final Predicate<String> member = Pattern.compile(characterClass).asMatchPredicate();
        final BitSet members = new BitSet();
        for (char c = 0; c < 0x80; c++) {
            members.set(c, member.test(String.valueOf(c)));
        }
        return AsciiSet.of(members);
    }
}
