package dev.tollgate.detect;

import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * How far each rule has been tried in one view of a text. Has room for every rule, which is used again for the next view: only what was written to is cleared. Not
 * thread-safe.
 */
final class Tried {
    /** By rule, where its last match ended: hits before that are part of it. */
    private final int[] matched;
    /** By rule, before where no match can begin that is not found. */
    private final int[] settled;
    /** By rule, behind what was read to know that. */
    private final int[] read;
    /** By rule, between where and where no word begins that it asks for. */
    private final int[] wordlessFrom;

    private final int[] wordlessTo;
    private final @Nullable Matcher[] matchers;
    private final KnownFailures.@Nullable Read[] failures;
    /** Rules that something was written for. */
    private final int[] touched;

    private final boolean[] isTouched;
    private int touchedCount;

    Tried(int rules) {
        this.matched = new int[rules];
        this.settled = new int[rules];
        this.read = new int[rules];
        this.wordlessFrom = new int[rules];
        this.wordlessTo = new int[rules];
        this.matchers = new Matcher[rules];
        this.failures = new KnownFailures.Read[rules];
        this.touched = new int[rules];
        this.isTouched = new boolean[rules];
    }

    /** Forgets everything, the text too. */
    void clear() {
        for (int i = 0; i < touchedCount; i++) {
            final int rule = touched[i];
            matched[rule] = 0;
            settled[rule] = 0;
            read[rule] = 0;
            wordlessFrom[rule] = 0;
            wordlessTo[rule] = 0;
            failures[rule] = null;
            isTouched[rule] = false;
            final Matcher matcher = matchers[rule];
            if (matcher != null) {
                final Matcher unused = matcher.reset("");
            }
        }
        touchedCount = 0;
    }

    private void touch(int rule) {
        if (!isTouched[rule]) {
            isTouched[rule] = true;
            touched[touchedCount++] = rule;
        }
    }

    /** Of the rule's expression, over the text of the view. */
    Matcher matcher(int index, Rule rule, MeteredText text) {
        final Matcher known = matchers[index];
        if (known != null) {
            touch(index);
            return known.reset(text);
        }
        final Matcher matcher = rule.expression()
                .pattern()
                .matcher(text)
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
        touch(index);
        matchers[index] = matcher;
        return matcher;
    }

    /** Behind the last match. */
    int behindMatch(int rule) {
        return matched[rule];
    }

    /** The first place at which a match may begin. */
    int first(int rule) {
        return Math.max(matched[rule], settled[rule]);
    }

    void matched(int rule, int end) {
        touch(rule);
        matched[rule] = Math.max(matched[rule], end);
    }

    /**
     * No further match begins before {@code place}.
     *
     * @param readTo behind what was read to know that
     */
    void settled(int rule, int place, int readTo) {
        touch(rule);
        settled[rule] = Math.max(settled[rule], place);
        read[rule] = Math.max(read[rule], readTo);
    }

    /** The first place from {@code from} on at which a word may begin that the rule asks for. */
    int wordMayBegin(int rule, int from) {
        return from < wordlessFrom[rule] ? from : Math.max(from, wordlessTo[rule]);
    }

    /** No word that the rule asks for begins within {@code from..to}. */
    void wordless(int rule, int from, int to) {
        touch(rule);
        wordlessFrom[rule] = from;
        wordlessTo[rule] = to;
    }

    /** Behind what was read to know of all places at which no match begins. */
    int readTo(int rule) {
        return read[rule];
    }

    /** What the rule's expression read when it last failed; null if it did not. */
    KnownFailures.@Nullable Read failure(int rule) {
        return failures[rule];
    }

    void failed(int rule, KnownFailures.@Nullable Read reading) {
        touch(rule);
        failures[rule] = reading;
    }
}
