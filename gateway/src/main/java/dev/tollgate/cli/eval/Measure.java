package dev.tollgate.cli.eval;

/**
 * A result for one group of texts.
 *
 * <p>Of texts in which something must be found: recall is the share in which it was, precision the share of true findings among all
 * that the rules raised which found them; where they raised none, it is not a number. Of texts that must pass only the flagged ones count.
 *
 * @param name       the group, such as {@code secret.kind.password}
 * @param expected   whether something must be found in these texts
 * @param texts      how many there are; for personal data, how many labelled spans
 * @param found      in how many of them something was found
 * @param falseAlarms findings elsewhere by the rules that found something here; 0 where the texts must pass
 */
public record Measure(String name, boolean expected, int texts, int found, int falseAlarms) {
    /** Share of the texts in which something was found; of texts that must pass, the share that is flagged. */
    public double recall() {
        return (double) found / texts;
    }

    public double precision() {
        return (double) found / (found + falseAlarms);
    }

    public double f1() {
        final double precision = precision();
        final double recall = recall();
        return found == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
}
