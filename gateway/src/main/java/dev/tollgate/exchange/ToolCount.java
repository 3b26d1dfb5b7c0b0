package dev.tollgate.exchange;

/**
 * What became of calls of tools in replies that a rule is about.
 *
 * @param held those that people were asked about, counted when the answer came
 * @param approved those of them that people let pass
 * @param denied those that were taken out: by a rule, by people, or because nobody answered in time
 */
public record ToolCount(long held, long approved, long denied) {
    public static final ToolCount NONE = new ToolCount(0, 0, 0);

    /** Whether no rule is about any. */
    public boolean isNone() {
        return held + approved + denied == 0;
    }

    /** Both together. */
    public ToolCount plus(ToolCount other) {
        return isNone() ? other : new ToolCount(held + other.held, approved + other.approved, denied + other.denied);
    }

    /** Those of one reply. */
    public static ToolCount of(Iterable<Verdict> verdicts) {
        ToolCount sum = NONE;
        for (Verdict verdict : verdicts) {
            sum = verdict.tools().isNone() ? sum : sum.plus(verdict.tools());
        }
        return sum;
    }
}
