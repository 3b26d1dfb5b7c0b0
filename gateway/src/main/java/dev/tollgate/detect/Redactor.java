package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts placeholders such as {@code [EMAIL_1]} in the place of findings. The same value gets the same placeholder wherever it stands, and
 * numbers are given in the order of first appearance, so that a conversation that is sent again and grows reads the same in its old part
 * and the provider's prompt cache keeps hitting. Belongs to one exchange and one thread.
 */
public final class Redactor {
    private final RuleSet rules;
    private final Map<String, Integer> numberOfValue = new HashMap<>();
    private final Map<String, Integer> countOfName = new HashMap<>();

    /** A part of a text that a placeholder replaces. */
    private record Span(int start, int end, String name) {}

    public Redactor(RuleSet rules) {
        this.rules = rules;
    }

    /**
     * The text with a placeholder for each finding. Findings that overlap become one placeholder over all they cover, named by the one
     * that begins first.
     *
     * @param findings of this text, in any order
     */
    public String redact(String text, List<Finding> findings) {
        final StringBuilder redacted = new StringBuilder(text.length());
        int from = 0;
        for (Span span : spans(findings)) {
            redacted.append(text, from, span.start).append(placeholder(span, text));
            from = span.end;
        }
        return redacted.append(text, from, text.length()).toString();
    }

    private List<Span> spans(List<Finding> findings) {
        final List<Span> spans = new ArrayList<>();
        for (Finding finding : findings.stream()
                .sorted(Comparator.comparingInt(Finding::start)
                        .thenComparing(Finding::length, Comparator.reverseOrder()))
                .toList()) {
            final Span last = spans.isEmpty() ? null : spans.getLast();
            if (last != null && finding.start() < last.end) {
                spans.set(spans.size() - 1, new Span(last.start, Math.max(last.end, finding.end()), last.name));
            } else {
                spans.add(new Span(finding.start(), finding.end(), rules.placeholder(finding.ruleId())));
            }
        }
        return spans;
    }

    private String placeholder(Span span, String text) {
        final String value = text.substring(span.start, span.end);
        final int number = numberOfValue.computeIfAbsent(
                span.name + ' ' + value, any -> countOfName.merge(span.name, 1, Integer::sum));
        return "[" + span.name + "_" + number + "]";
    }
}
