package dev.tollgate.cli.eval;

import dev.tollgate.cli.eval.CorpusRow.Span;
import dev.tollgate.cli.eval.CorpusRow.Subject;
import dev.tollgate.detect.Finding;
import dev.tollgate.detect.InjectionScore;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ScanPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Runs the rules in force over corpora and counts what they find. A text with injection findings counts as flagged where its score reaches
 * the policy's threshold; secrets and personal data where a rule that is not off matches.
 */
public final class Evaluation {
    /** Families of benign texts that nobody would take for an attack. */
    private static final Set<String> ORDINARY = Set.of(
            "user-question",
            "agent-request",
            "coding-request",
            "coding-agent",
            "tool-result",
            "repo-file",
            "nlp-task",
            "clean-document",
            "multilingual-benign",
            "encoded-benign");
    /** Families of attacks that rules and a linear score can be asked to find; the others are reported each for itself. */
    private static final Set<String> CORE = Set.of(
            "direct-override",
            "prompt-leak",
            "indirect-tool-override",
            "indirect-doc",
            "exfil-markdown",
            "jailbreak-persona",
            "encoded");

    /** Pieces of a text that are told as reasons. */
    private static final int MOST_REASONS = 8;

    private final RuleSet rules;
    private final Bundle policy;
    private final BiConsumer<String, CorpusRow> misjudged;
    private final Tally tally = new Tally();

    private Evaluation(RuleSet rules, Bundle policy, BiConsumer<String, CorpusRow> misjudged) {
        this.rules = rules;
        this.policy = policy;
        this.misjudged = misjudged;
    }

    /**
     * @param corpora files in JSON lines, or folders of such files
     * @param misjudged receives name of a group, id, text, and reasons for each row that was judged wrongly
     * @throws IOException if a corpus cannot be read
     */
    public static EvalReport run(List<Path> corpora, RuleSet rules, Bundle policy, Misjudged misjudged)
            throws IOException {
        final Evaluation evaluation = new Evaluation(
                rules, policy, (group, row) -> misjudged.row(group, row.id(), row.text(), reasons(rules, row)));
        for (Path corpus : corpora) {
            CorpusReader.read(corpus, evaluation::judge);
        }
        return new EvalReport(
                rules.version(), rules.rules().size(), policy.detect().threshold(), evaluation.tally.measures());
    }

    /** Is told of rows that were judged wrongly. */
    @FunctionalInterface
    public interface Misjudged {
        /** @param reasons which pieces of the text the classifier takes for an attack's, the heaviest first; empty for other kinds */
        void row(String group, String id, String text, List<String> reasons);
    }

    private static List<String> reasons(RuleSet rules, CorpusRow row) {
        return row.subject().kinds().contains(Kind.INJECTION)
                ? rules.reasons(row.text(), MOST_REASONS).stream()
                        .map(reason -> row.text().substring(reason.start(), reason.end()))
                        .toList()
                : List.of();
    }

    private void judge(CorpusRow row) {
        final List<Finding> found = rules.scan(row.text(), row.subject().kinds(), row.writer()).stream()
                .filter(this::isInForce)
                .toList();
        switch (row.subject()) {
            case SECRET -> secret(row, found);
            case PERSONAL -> personal(row, found);
            case INJECTION -> injection(row, found);
            case BENIGN -> benign(row, found);
        }
    }

    private boolean isInForce(Finding finding) {
        return finding.kind() == Kind.INJECTION
                ? !policy.detect().disabled().contains(finding.ruleId())
                : policy.scan().rules().get(finding.ruleId()) != ScanPolicy.Action.OFF;
    }

    private void secret(CorpusRow row, List<Finding> found) {
        if (row.expected()) {
            final List<Finding> hits = row.spans().isEmpty()
                    ? found
                    : found.stream()
                            .filter(finding -> row.spans().stream().anyMatch(span -> span.isMetBy(finding)))
                            .toList();
            expected(
                    row,
                    hits,
                    "secret.all",
                    "secret.kind." + row.field("kind"),
                    "secret.source." + row.field("source_repo"),
                    "secret.type." + row.label());
            return;
        }
        final String kind = row.field("neg_kind");
        passing(row, !found.isEmpty(), "secret.pass." + kind);
        // Near misses are examples beside the mark, not texts as they occur.
        if (!kind.equals("near-miss")) {
            tally.alarm(Subject.SECRET, found);
        }
    }

    private void personal(CorpusRow row, List<Finding> found) {
        final String tier = row.field("tier");
        final List<Finding> elsewhere = new ArrayList<>(found);
        for (Span span : row.spans()) {
            final List<Finding> hits = found.stream().filter(span::isMetBy).toList();
            elsewhere.removeAll(hits);
            expected(
                    row,
                    hits,
                    "personal.tier." + tier,
                    "personal.tier." + tier + "." + (row.fields().path("bare").asBoolean() ? "bare" : "in-text"),
                    "personal.type." + span.type() + "." + tier);
        }
        if (!row.expected()) {
            passing(row, !found.isEmpty(), "personal.pass", "personal.pass." + row.field("neg_kind"));
        }
        // In the other tiers not everything that is personal has a label.
        if (tier.equals("structured") || tier.equals("none")) {
            tally.alarm(Subject.PERSONAL, elsewhere);
        }
    }

    private void injection(CorpusRow row, List<Finding> found) {
        final List<Finding> hits = isAttack(row, found) ? found : List.of();
        final String family = row.field("family");
        final List<String> names = new ArrayList<>(List.of("injection.all", "injection.family." + family));
        if (CORE.contains(family)) {
            names.add("injection.core");
        }
        if (row.fields().has("lang")) {
            names.add("injection.lang." + row.field("lang"));
        }
        if (row.fields().has("encoding")) {
            names.add("injection.encoding." + row.field("encoding"));
        }
        expected(row, hits, names.toArray(String[]::new));
    }

    private void benign(CorpusRow row, List<Finding> found) {
        final String family = row.field("family");
        final String category = category(family);
        for (Kind kind : Kind.values()) {
            final List<Finding> ofKind =
                    found.stream().filter(finding -> finding.kind() == kind).toList();
            final boolean flagged = kind == Kind.INJECTION ? isAttack(row, ofKind) : !ofKind.isEmpty();
            final String name = "benign." + kind.name().toLowerCase(Locale.ROOT);
            passing(row, flagged, name, name + "." + category, name + "." + category + "." + family);
            // Harmless texts may well hold an address of someone: that is no false finding.
            if (flagged && kind != Kind.PERSONAL) {
                tally.alarm(kind == Kind.SECRET ? Subject.SECRET : Subject.INJECTION, ofKind);
            }
        }
    }

    /** As held-out corpora name their families: quoted attacks and system prompts are reported on their own. */
    private static String category(String family) {
        if (ORDINARY.contains(family)) {
            return "ordinary";
        }
        return family.contains("quot") || family.equals("system-prompt") ? "quoted" : "hard";
    }

    private boolean isAttack(CorpusRow row, List<Finding> found) {
        return InjectionScore.of(found, row.writer()) >= policy.detect().threshold();
    }

    private void expected(CorpusRow row, List<Finding> hits, String... names) {
        tally.expected(row.subject(), List.of(names), hits);
        report(row, hits.isEmpty(), names);
    }

    private void passing(CorpusRow row, boolean flagged, String... names) {
        tally.passing(row.subject(), List.of(names), flagged);
        report(row, flagged, names);
    }

    private void report(CorpusRow row, boolean wrong, String... names) {
        if (wrong) {
            for (String name : names) {
                misjudged.accept(name, row);
            }
        }
    }
}
