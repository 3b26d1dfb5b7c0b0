package dev.tollgate.audit.payload;

import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.time.Instant;
import java.util.List;

/**
 * A question for payloads that contain a text.
 *
 * @param text what is looked for, without regard to case
 * @param subject whose payloads
 * @param from calls that came in from here on
 * @param to calls that came in before
 * @param limit most calls that are found
 */
public record Search(String text, Subject subject, Instant from, Instant to, int limit) {
    /** Longest text that can be looked for, in characters. */
    public static final int MAX_TEXT = 200;
    /** Most calls that a search finds. */
    public static final int MAX_LIMIT = 500;
    /** Most bytes that one search reads: each piece counts once. */
    public static final long MAX_READ_BYTES = 256L << 20;

    public Search {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("the text looked for has " + text.length()
                    + " characters, allowed are 1 to " + MAX_TEXT + ", not all of them blank");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("the limit " + limit + " is not between 1 and " + MAX_LIMIT);
        }
    }

    /**
     * A call in which the text stands.
     *
     * @param exchange the call
     * @param at when it came in
     * @param part where it was found first
     * @param around some words around it; payload content, for those who may see it
     */
    public record Hit(String exchange, Instant at, Part part, String around) {
        @Override
        public String toString() {
            return "Hit[" + exchange + " " + part.id() + ", redacted]";
        }
    }

    /**
     * @param hits calls in which the text came up, oldest first: a message is found in the call that brought it in, not in those that sent it again
     * @param isWhole whether all that was asked for was read; not where a limit ended the search
     * @param upTo how far the search came
     */
    public record Result(List<Hit> hits, boolean isWhole, Instant upTo) {
        public Result {
            hits = List.copyOf(hits);
        }
    }

    @Override
    public String toString() {
        return "Search[" + subject + ", redacted]";
    }
}
