package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Puts placeholders such as {@code [EMAIL_kxqhwtzr]} in the place of findings. The same value gets the same placeholder wherever it stands,
 * in this call and in every other of the tenant, so that a conversation that is sent again and grows reads the same in its old part and the
 * provider's prompt cache keeps hitting. Belongs to one exchange and one thread.
 */
public final class Redactor {
    private final RuleSet rules;
    private final Placeholders placeholders;
    private final String tenant;
    private final Map<String, String> nameOfValue = new HashMap<>();
    private final Map<String, String> valueOfName = new HashMap<>();

    /** A part of a text that a placeholder replaces. */
    private record Span(int start, int end, String name, boolean isGivenBack) {}

    /**
     * A text with placeholders.
     *
     * @param text what takes its place
     * @param originals what the placeholders stand for that are to be given back
     */
    public record Redacted(String text, Map<String, String> originals) {
        @Override
        public String toString() {
            return "Redacted[redacted]";
        }
    }

    /** @param tenant whose call it is: others have other placeholders for the same values */
    public Redactor(RuleSet rules, Placeholders placeholders, String tenant) {
        this.rules = rules;
        this.placeholders = placeholders;
        this.tenant = tenant;
    }

    /**
     * The text with a placeholder for each finding. Findings that overlap become one placeholder over all they cover, named by the one
     * that begins first.
     *
     * @param findings of this text, in any order
     */
    public String redact(String text, List<Finding> findings) {
        return redact(text, findings, finding -> false, UnaryOperator.identity())
                .text();
    }

    /**
     * As {@link #redact(String, List)}, keeping what may be put back.
     *
     * @param isGivenBack which findings are put back where the placeholder turns up in the reply; of several that overlap all must be
     * @param meant what a stretch of the text means, where it stands in another notation than texts do
     */
    public Redacted redact(
            String text, List<Finding> findings, Predicate<Finding> isGivenBack, UnaryOperator<String> meant) {
        final StringBuilder redacted = new StringBuilder(text.length());
        final Map<String, String> originals = new HashMap<>();
        int from = 0;
        for (Span span : spans(findings, isGivenBack)) {
            final String value = meant.apply(text.substring(span.start, span.end));
            final String placeholder = named(span.name, value);
            if (span.isGivenBack) {
                originals.put(placeholder, value);
            }
            redacted.append(text, from, span.start).append(placeholder);
            from = span.end;
        }
        return new Redacted(redacted.append(text, from, text.length()).toString(), originals);
    }

    private List<Span> spans(List<Finding> findings, Predicate<Finding> isGivenBack) {
        final List<Span> spans = new ArrayList<>();
        for (Finding finding : findings.stream()
                .sorted(Comparator.comparingInt(Finding::start)
                        .thenComparing(Finding::length, Comparator.reverseOrder()))
                .toList()) {
            final Span last = spans.isEmpty() ? null : spans.getLast();
            final boolean goesBack = isGivenBack.test(finding);
            if (last != null && finding.start() < last.end) {
                spans.set(
                        spans.size() - 1,
                        new Span(
                                last.start,
                                Math.max(last.end, finding.end()),
                                last.name,
                                last.isGivenBack && goesBack));
            } else {
                spans.add(new Span(finding.start(), finding.end(), rules.placeholder(finding.ruleId()), goesBack));
            }
        }
        return spans;
    }

    /** What stands for a value that a rule found. */
    public String placeholder(String ruleId, String value) {
        return named(rules.placeholder(ruleId), value);
    }

    /**
     * What stands for a value.
     *
     * @param name what it is, in capitals
     */
    public String named(String name, String value) {
        return nameOfValue.computeIfAbsent(name + ' ' + value, any -> newPlaceholder(name, value));
    }

    private String newPlaceholder(String name, String value) {
        final String letters = placeholders.name(tenant, value);
        int length = Placeholders.LETTERS;
        String placeholder = "[" + name + "_" + letters.substring(0, length) + "]";
        // Put back, one placeholder for two values would be the wrong one of them.
        while (!valueOfName.getOrDefault(placeholder, value).equals(value) && length < Placeholders.MOST_LETTERS) {
            length++;
            placeholder = "[" + name + "_" + letters.substring(0, length) + "]";
        }
        valueOfName.put(placeholder, value);
        return placeholder;
    }
}
