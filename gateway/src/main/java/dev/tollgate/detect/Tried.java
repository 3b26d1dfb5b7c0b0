package dev.tollgate.detect;

import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** How far each rule has been tried in one view of a text. Takes room only as rules are tried, which is seldom. Not thread-safe. */
final class Tried {
    private final int rules;
    /** By rule, where its last match ended: hits before that are part of it. */
    private int @Nullable [] matched;
    /** By rule, before where no match can begin that is not found. */
    private int @Nullable [] settled;

    /** By rule, behind what was read to know that. */
    private int @Nullable [] read;

    /** By rule, between where and where no word begins that it asks for. */
    private int @Nullable [] wordlessFrom;

    private int @Nullable [] wordlessTo;

    /** By rule. */
    private @Nullable Matcher @Nullable [] matchers;

    Tried(int rules) {
        this.rules = rules;
    }

    /** Of the rule's expression. */
    Matcher matcher(int index, Rule rule, MeteredText text) {
        if (matchers == null) {
            matchers = new Matcher[rules];
        }
        Matcher matcher = matchers[index];
        if (matcher == null) {
            matcher = rule.expression()
                    .pattern()
                    .matcher(text)
                    .useTransparentBounds(true)
                    .useAnchoringBounds(false);
            matchers[index] = matcher;
        }
        return matcher;
    }

    /** Behind the last match. */
    int behindMatch(int rule) {
        return matched == null ? 0 : matched[rule];
    }

    /** The first place at which a match may begin. */
    int first(int rule) {
        return Math.max(behindMatch(rule), settled == null ? 0 : settled[rule]);
    }

    void matched(int rule, int end) {
        matched = set(matched, rule, end);
    }

    /**
     * No further match begins before {@code place}.
     *
     * @param readTo behind what was read to know that
     */
    void settled(int rule, int place, int readTo) {
        settled = set(settled, rule, place);
        read = set(read, rule, readTo);
    }

    /** The first place from {@code from} on at which a word may begin that the rule asks for. */
    int wordMayBegin(int rule, int from) {
        return wordlessFrom == null || wordlessTo == null || from < wordlessFrom[rule]
                ? from
                : Math.max(from, wordlessTo[rule]);
    }

    /** No word that the rule asks for begins within {@code from..to}. */
    void wordless(int rule, int from, int to) {
        if (wordlessFrom == null || wordlessTo == null) {
            wordlessFrom = new int[rules];
            wordlessTo = new int[rules];
        }
        wordlessFrom[rule] = from;
        wordlessTo[rule] = to;
    }

    /** Behind what was read to know of all places at which no match begins. */
    int readTo(int rule) {
        return read == null ? 0 : read[rule];
    }

    private int[] set(int @Nullable [] places, int rule, int place) {
        final int[] known = places == null ? new int[rules] : places;
        known[rule] = Math.max(known[rule], place);
        return known;
    }
}
