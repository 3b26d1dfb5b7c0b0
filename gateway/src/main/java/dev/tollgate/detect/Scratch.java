package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.List;

/** Room that a search of one engine needs and the next one can use again: made new for each text it would cost more than short texts are worth. Not thread-safe. */
final class Scratch {
    private final KeywordSieve.Notes notes = new KeywordSieve.Notes();
    private final Tried tried;
    /** What was met in the text, in the view of it that is searched, and so on. */
    private final List<Met> keywords = new ArrayList<>();

    private final List<Met> digits = new ArrayList<>();
    private boolean isTaken;

    /** @param rules of the engine */
    Scratch(int rules) {
        this.tried = new Tried(rules);
    }

    /** Whether a search has it. */
    boolean isTaken() {
        return isTaken;
    }

    void setTaken(boolean taken) {
        isTaken = taken;
    }

    KeywordSieve.Notes notes() {
        return notes;
    }

    /** For the one view that is searched. */
    Tried tried() {
        return tried;
    }

    /** For keywords of a view so deep; free again when the views of that view are searched. */
    Met keywords(int depth) {
        return at(keywords, depth);
    }

    /** As {@link #keywords}, for digits. */
    Met digits(int depth) {
        return at(digits, depth);
    }

    private static Met at(List<Met> some, int depth) {
        while (some.size() <= depth) {
            some.add(new Met());
        }
        return some.get(depth);
    }
}
