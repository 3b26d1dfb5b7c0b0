package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force. Immutable; a reload makes a new one.
 *
 * <p>{@link #scan} takes time linear in the text, whatever the text is: about 20 ms per MB of common text, and never more than
 * its work budget allows.
 */
public final class RuleSet {
    private final String version;
    private final List<Rule> rules;
    private final Map<String, Rule> byId;
    private final Set<String> marking;
    private final @Nullable Classifier classifier;
    /** By the kinds they search for; made when first asked for. */
    private final Map<Set<Kind>, Engine> engines = new ConcurrentHashMap<>();

    /** What a rule is, for lists and reports. */
    public record Summary(String id, String title, Kind kind, String family, Severity severity) {}

    /** @param version names the content: two sets of one version find the same */
    RuleSet(String version, Collection<Rule> rules) {
        this(version, rules, Set.of(), null);
    }

    /**
     * @param marking    ids of rules whose findings are recorded only, unless a policy names an action for them
     * @param classifier judges texts beside the injection rules; null for none
     */
    RuleSet(String version, Collection<Rule> rules, Set<String> marking, @Nullable Classifier classifier) {
        this.marking = Set.copyOf(marking);
        this.classifier = classifier;
        this.version = version;
        this.rules = List.copyOf(rules);
        this.byId = rules.stream().collect(Collectors.toUnmodifiableMap(Rule::id, Function.identity()));
        final Engine unused = engine(EnumSet.allOf(Kind.class));
    }

    /** Hash over the packs, for records and cache keys. */
    public String version() {
        return version;
    }

    public List<Summary> rules() {
        final Stream<Summary> learned = classifier == null ? Stream.of() : Stream.of(Classifier.SUMMARY);
        return Stream.concat(
                        rules.stream()
                                .map(rule -> new Summary(
                                        rule.id(), rule.title(), rule.kind(), rule.family(), rule.severity())),
                        learned)
                .toList();
    }

    /** Why the classifier judges the text as it does: what weighs most for an attack, the heaviest first; empty without a classifier. */
    public List<Classifier.Reason> reasons(String text, int most) {
        return classifier == null
                ? List.of()
                : classifier
                        .judge(text)
                        .map(judged -> classifier.reasons(text, judged, most))
                        .orElse(List.of());
    }

    /** Whether the rule is too weak to act upon by itself: its findings are recorded, unless the policy names an action for it. */
    public boolean marksOnly(String ruleId) {
        return marking.contains(ruleId);
    }

    /** The word that a redacted match of this rule is called by, such as {@code EMAIL}; for unknown rules {@code REDACTED}. */
    public String placeholder(String ruleId) {
        if (ruleId.equals(Classifier.RULE_ID)) {
            return "INJECTION";
        }
        final Rule rule = byId.get(ruleId);
        return rule == null ? "REDACTED" : rule.placeholder();
    }

    private Engine engine(Set<Kind> kinds) {
        final Engine engine = engines.get(kinds);
        return engine != null ? engine : engines.computeIfAbsent(Set.copyOf(kinds), any -> new Engine(any, rules));
    }

    /**
     * Findings of the given kinds, in order of their starts; secrets and personal data do not overlap each other within their
     * kind. A text that exceeds its work limit yields one {@link Finding#WORK_LIMIT} per kind besides what was found before.
     */
    public List<Finding> scan(String text, Set<Kind> kinds, Trust writer) {
        final Scan scan = new Scan(
                engine(kinds),
                new Engine.Asked(kinds, writer),
                text,
                new Work(text.length()),
                kinds.contains(Kind.INJECTION) && Classifier.judges(writer) ? classifier : null);
        final List<Finding> findings = new ArrayList<>();
        try {
            scan.run();
        } catch (Work.Exceeded e) {
            // Fails closed: a text built to exhaust the search would otherwise carry anything past it.
            kinds.forEach(kind -> findings.add(Finding.workLimit(kind, text.length())));
        }
        if (findings.isEmpty() && scan.found().isEmpty()) {
            return List.of();
        }
        findings.addAll(Overlaps.resolve(scan.found()));
        findings.sort(Comparator.comparingInt(Finding::start).thenComparing(Finding::ruleId));
        return List.copyOf(findings);
    }

    /**
     * What is found in a text of which more is to come.
     *
     * @param findings that no further text changes
     * @param decided  chars at the beginning of the text in which nothing else will be found
     */
    public record Look(List<Finding> findings, int decided) {
        public Look {
            findings = List.copyOf(findings);
        }
    }

    /** Searches the beginning of a text. Encoded and disguised texts are found where what has come suffices for it. */
    public Look look(String text, Set<Kind> kinds, Trust writer) {
        final Engine engine = engine(kinds);
        final Scan scan = new Scan(engine, new Engine.Asked(kinds, writer), text, new Work(text.length()), null);
        final List<Finding> findings = new ArrayList<>();
        try {
            scan.runOpenEnded();
        } catch (Work.Exceeded e) {
            kinds.forEach(kind -> findings.add(Finding.workLimit(kind, text.length())));
        }
        final int decided = Math.max(0, Math.min(text.length() - engine.unmet(), scan.openFrom()));
        Overlaps.resolve(scan.found()).stream()
                .filter(finding -> finding.end() < text.length() && finding.start() < scan.openFrom())
                .forEach(findings::add);
        findings.sort(Comparator.comparingInt(Finding::start).thenComparing(Finding::ruleId));
        return new Look(findings, decided);
    }
}
