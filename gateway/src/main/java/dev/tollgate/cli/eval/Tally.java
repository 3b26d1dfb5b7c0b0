package dev.tollgate.cli.eval;

import dev.tollgate.detect.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts while a corpus is gone through. */
final class Tally {
    private final Map<String, Group> groups = new TreeMap<>();
    private final Map<CorpusRow.Subject, List<Set<String>>> alarms = new EnumMap<>(CorpusRow.Subject.class);

    private static final class Group {
        private final CorpusRow.Subject subject;
        private final boolean expected;
        private final Set<String> rules = new HashSet<>();
        private int texts;
        private int found;

        Group(CorpusRow.Subject subject, boolean expected) {
            this.subject = subject;
            this.expected = expected;
        }
    }

    /** Something had to be found: {@code findings} are what found it, empty if nothing did. */
    void expected(CorpusRow.Subject subject, List<String> names, Collection<Finding> findings) {
        for (String name : names) {
            final Group group = groups.computeIfAbsent(name, any -> new Group(subject, true));
            group.texts++;
            group.found += findings.isEmpty() ? 0 : 1;
            findings.forEach(finding -> group.rules.add(finding.ruleId()));
        }
    }

    /** Nothing was to be found. */
    void passing(CorpusRow.Subject subject, List<String> names, boolean flagged) {
        for (String name : names) {
            final Group group = groups.computeIfAbsent(name, any -> new Group(subject, false));
            group.texts++;
            group.found += flagged ? 1 : 0;
        }
    }

    /** Findings that count against the precision of the rules that raised them. */
    void alarm(CorpusRow.Subject subject, Collection<Finding> findings) {
        if (!findings.isEmpty()) {
            alarms.computeIfAbsent(subject, any -> new ArrayList<>())
                    .add(findings.stream().map(Finding::ruleId).collect(Collectors.toUnmodifiableSet()));
        }
    }

    List<Measure> measures() {
        return groups.entrySet().stream()
                .map(entry -> measure(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Measure measure(String name, Group group) {
        final int falseAlarms = (int) alarms.getOrDefault(group.subject, List.of()).stream()
                .filter(rules -> !Collections.disjoint(rules, group.rules))
                .count();
        return new Measure(name, group.expected, group.texts, group.found, falseAlarms);
    }
}
