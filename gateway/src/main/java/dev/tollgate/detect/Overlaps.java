package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes one finding of several that mean the same text. */
final class Overlaps {
    private static final Comparator<Finding> STRONGEST_FIRST = Comparator.comparing(Finding::specific)
            .thenComparing(Finding::severity)
            .thenComparingInt(Finding::length)
            .reversed()
            .thenComparingInt(Finding::start);

    private Overlaps() {}

    /**
     * Of secrets and personal data that overlap within their kind the strongest stays: specific before catch-all, then by
     * severity, then by length. Injection findings weigh together, so of them only repetitions of one rule go.
     */
    static List<Finding> resolve(List<Finding> findings) {
        final Map<Kind, TreeMap<Integer, Finding>> byKind = new EnumMap<>(Kind.class);
        final Map<String, TreeMap<Integer, Finding>> byRule = new HashMap<>();
        final List<Finding> kept = new ArrayList<>();
        for (Finding finding : findings.stream().sorted(STRONGEST_FIRST).toList()) {
            final TreeMap<Integer, Finding> rivals = finding.kind() == Kind.INJECTION
                    ? byRule.computeIfAbsent(finding.ruleId(), any -> new TreeMap<>())
                    : byKind.computeIfAbsent(finding.kind(), any -> new TreeMap<>());
            final Map.Entry<Integer, Finding> before = rivals.lowerEntry(finding.end());
            if (before == null || !before.getValue().overlaps(finding)) {
                rivals.put(finding.start(), finding);
                kept.add(finding);
            }
        }
        return kept;
    }
}
