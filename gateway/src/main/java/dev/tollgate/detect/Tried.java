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

    /** No further match begins before {@code place}. */
    void settled(int rule, int place) {
        settled = set(settled, rule, place);
    }

    private int[] set(int @Nullable [] places, int rule, int place) {
        final int[] known = places == null ? new int[rules] : places;
        known[rule] = Math.max(known[rule], place);
        return known;
    }
}
