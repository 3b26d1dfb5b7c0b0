package dev.tollgate.approval;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Verdict;
import java.util.List;
import java.util.Set;

/**
 * What the stages found in a call that waits, for whoever decides about it.
 *
 * @param score highest injection score of its texts, 0 to 1
 * @param findings ids of the rules that fired, at most {@value #MAX_FINDINGS}
 */
public record Risk(double score, List<String> findings) {
    /** Nothing was found. */
    public static final Risk NONE = new Risk(0, List.of());

    /** Most rules that are named. */
    static final int MAX_FINDINGS = 20;

    private static final Set<String> FINDING_STAGES = Set.of("scan", "detect");
    /** From this score on a text is more likely an injection than not. */
    private static final double LIKELY = 0.5;

    public Risk {
        findings = findings == null ? List.of() : List.copyOf(findings);
    }

    static Risk of(Exchange call) {
        return new Risk(
                scoreOf(call), findingsIn(call).stream().limit(MAX_FINDINGS).toList());
    }

    static double scoreOf(Exchange call) {
        return call.verdicts().stream().mapToDouble(Verdict::score).max().orElse(0);
    }

    static List<String> findingsIn(Exchange call) {
        return call.verdicts().stream()
                .filter(verdict -> FINDING_STAGES.contains(verdict.stage()))
                .flatMap(verdict -> verdict.rules().stream())
                .distinct()
                .toList();
    }

    /** 0 where nothing was found, 1 where something was, 2 where a text is likely an injection. */
    int level() {
        return score >= LIKELY ? 2 : findings.isEmpty() ? 0 : 1;
    }
}
