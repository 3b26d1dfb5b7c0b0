package dev.tollgate.detect;

/**
 * Where a rule matched. Holds no matched text, so it may be logged, recorded and cached.
 *
 * @param ruleId   the rule's id, or {@link #WORK_LIMIT}
 * @param family   group of the rule within its kind, for policies and reports
 * @param start    first char of the match in the text that was given, in UTF-16 units
 * @param end      behind the last char of the match
 * @param weight   how surely this is what the rule looks for, 0 to 1; for injection rules before trust is taken into account
 * @param specific false for catch-all rules, which give way where a specific rule matched the same text
 */
public record Finding(
        String ruleId,
        Kind kind,
        String family,
        Severity severity,
        int start,
        int end,
        double weight,
        boolean specific) {

    /** Id of the finding that says "this text could not be searched within its work limit"; it spans the whole text. */
    public static final String WORK_LIMIT = "work_limit";

    public Finding {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("span " + start + ".." + end + " of rule " + ruleId + " is not a span");
        }
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight " + weight + " of rule " + ruleId + " is not within 0..1");
        }
    }

    /** A text of {@code length} chars that was given up on. */
    static Finding workLimit(Kind kind, int length) {
        return new Finding(WORK_LIMIT, kind, "limit", Severity.CRITICAL, 0, length, 1, true);
    }

    /** The same elsewhere. */
    Finding at(int otherStart, int otherEnd) {
        return new Finding(ruleId, kind, family, severity, otherStart, otherEnd, weight, specific);
    }

    boolean overlaps(Finding other) {
        return start < other.end && other.start < end;
    }

    /** Chars in the span. */
    public int length() {
        return end - start;
    }
}
