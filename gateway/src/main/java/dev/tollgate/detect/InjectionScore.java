package dev.tollgate.detect;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How surely a text attacks the model, from its injection findings and who wrote it. */
public final class InjectionScore {
    /** What each further rule of one family adds, relative to the one before: they often mean the same words. */
    private static final double SAME_FAMILY = 0.5;

    /**
     * What the combined weight of the rules means: the share of attacks among texts that reach it, where half of all are attacks, as
     * measured on the development corpora and rounded towards doubt. Pairs of combined weight and probability.
     */
    private static final double[][] CURVE = {{0, 0}, {0.4, 0.45}, {0.5, 0.65}, {0.6, 0.8}, {1, 1}};

    private InjectionScore() {}

    /**
     * Findings are taken for independent signs: 1 − Π (1 − weight × suspicion). Within a family the strongest counts whole and
     * each further rule half as much as the one before it. What comes of that is read off a curve, so that the score is a probability.
     *
     * @return 0 (no sign, or written by the operator) to 1
     */
    public static double of(Collection<Finding> findings, Trust writer) {
        // A text that was too costly to judge is as bad as the worst: else cost would be a way past the score.
        if (findings.stream().anyMatch(finding -> finding.ruleId().equals(Finding.WORK_LIMIT))) {
            return 1;
        }
        final Map<String, Double> weightOfRule = new HashMap<>();
        final Map<String, String> familyOfRule = new HashMap<>();
        findings.stream().filter(finding -> finding.kind() == Kind.INJECTION).forEach(finding -> {
            weightOfRule.merge(finding.ruleId(), finding.weight(), Math::max);
            familyOfRule.put(finding.ruleId(), finding.family());
        });
        final Map<String, Double> share = new HashMap<>();
        double doubt = 1;
        for (Map.Entry<String, Double> rule : weightOfRule.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList()) {
            final String family = familyOfRule.getOrDefault(rule.getKey(), "");
            final double counted = share.merge(family, 1.0, (before, one) -> before * SAME_FAMILY);
            doubt *= 1 - Math.min(1, rule.getValue() * counted * writer.suspicion());
        }
        return calibrated(1 - doubt);
    }

    private static double calibrated(double combined) {
        int right = 1;
        while (right < CURVE.length - 1 && CURVE[right][0] < combined) {
            right++;
        }
        final double[] from = CURVE[right - 1];
        final double[] to = CURVE[right];
        return from[1] + (to[1] - from[1]) * (combined - from[0]) / (to[0] - from[0]);
    }
}
