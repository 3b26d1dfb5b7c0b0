package dev.tollgate.detect;

/**
 * What each rule's expression read when it last failed: where the same characters stand again, it fails again and need not run. So a text that says one thing over and over costs
 * little more than to be read. Of one view of one text; not thread-safe.
 */
final class KnownFailures {
    /** So many characters are compared at the cost of one that an expression reads. */
    private static final int COMPARED_AT_ONCE = 8;

    private final Tried tried;
    private final String text;
    private final Work work;

    /** What was read from {@code first} to {@code last} for a match between {@code start} and {@code end}. */
    record Read(int start, int end, int first, int last) {}

    /** @param tried keeps what is known */
    KnownFailures(Tried tried, String text, Work work) {
        this.tried = tried;
        this.text = text;
        this.work = work;
    }

    /**
     * Takes note that a rule does not match what begins at {@code start} and ends at or before {@code end}.
     *
     * @param first the first character that was read for it
     * @param last  the last one
     */
    void add(int rule, int start, int end, int first, int last) {
        // What was read up to an end of the text may have failed for that.
        final boolean isInside = first > 0 && first <= last && last + 1 < text.length();
        tried.failed(rule, isInside ? new Read(start, end, first, last) : null);
    }

    /** Whether the rule cannot match between {@code start} and {@code end}, because all that it would read is as it was when it failed. */
    boolean isKnown(int rule, int start, int end) {
        final Read read = tried.failure(rule);
        if (read == null) {
            return false;
        }
        final int away = start - read.start;
        if (end - read.end != away || away <= 0 || read.last + away + 1 >= text.length()) {
            return false;
        }
        final int length = read.last - read.first + 1;
        work.spend(1 + length / COMPARED_AT_ONCE);
        return text.regionMatches(read.first + away, text, read.first, length);
    }
}
