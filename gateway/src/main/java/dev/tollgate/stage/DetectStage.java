package dev.tollgate.stage;

import dev.tollgate.detect.Classifier;
import dev.tollgate.detect.Finding;
import dev.tollgate.detect.InjectionScore;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Redactor;
import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.Text;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.DetectPolicy;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.stage.Inspector.Found;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Scores each text for injection, jailbreak and exfiltration, by what it says and who wrote it, and denies the call where a new turn
 * reaches the threshold. In a turn that the agent sends once more the offending words are redacted instead: the session goes on without
 * them. Stands behind the scan, so that what was redacted counts as gone.
 */
public final class DetectStage implements Stage {
    private static final Set<Kind> KINDS = Set.of(Kind.INJECTION);

    private final Inspector inspector;

    public DetectStage(Inspector inspector) {
        this.inspector = inspector;
    }

    @Override
    public StageId id() {
        return StageId.DETECT;
    }

    @Override
    public Mode mode(PolicySnapshot policy) {
        return policy.bundle().detect().mode();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        TextSplices splices = new TextSplices(exchange);
        // What the operator tells the model is no attack on the operator.
        List<Text> texts = new ArrayList<>(exchange.facts().texts().size());
        for (Text text : exchange.facts().texts()) {
            if (text.place() != Place.SYSTEM) {
                texts.add(splices.current(text));
            }
        }
        DetectPolicy policy = exchange.policy().bundle().detect();
        return inspector
                .search(exchange.policy(), texts, KINDS)
                .map(found -> judge(
                        exchange,
                        policy,
                        Inspector.searched(exchange.policy(), texts),
                        inspector.redactor(exchange),
                        splices,
                        found));
    }

    private static Decision judge(
            Exchange exchange,
            DetectPolicy policy,
            Searched searched,
            Redactor redactor,
            TextSplices splices,
            List<Found> found) {
        Set<String> fired = new LinkedHashSet<>();
        List<Asking> asking = new ArrayList<>();
        int redactedTexts = 0;
        double highest = 0;
        for (Found one : found) {
            List<Finding> findings = one.findings().stream()
                    .filter(finding -> !policy.disabled().contains(finding.ruleId()))
                    .toList();
            double score = InjectionScore.of(findings, one.writer());
            highest = Math.max(highest, score);
            findings.forEach(finding -> fired.add(finding.ruleId()));
            if (score >= policy.threshold()) {
                // A text that an earlier stage has changed in part cannot be redacted: passing it on would pass the
                // attack on.
                if (one.text().isNew() || !splices.isFree(one.text())) {
                    return new Deny(denial(one, findings, score, policy.threshold(), searched));
                }
                splices.replace(one.text(), redactor.redact(one.text().value(), words(findings)));
                redactedTexts++;
            } else if (policy.holdFrom() != null
                    && score >= policy.holdFrom()
                    && one.text().isNew()) {
                asking.add(asking(one, findings, score));
            }
        }
        String detail = redactedTexts == 0
                ? ""
                : "placeholders were put into " + redactedTexts + (redactedTexts == 1 ? " text" : " texts");
        return new Proceed(splices.applyTo(exchange), List.copyOf(fired), detail, highest, searched, asking);
    }

    private static Asking asking(Found one, List<Finding> findings, double score) {
        return new Asking(
                findings.getFirst().ruleId(),
                String.format(
                        Locale.ROOT,
                        "%s scores %.2f for injection, where the policy asks for a person",
                        one.text().path(),
                        score));
    }

    /** What is taken out: the words that rules found, and only if there are none the stretch that the classifier judged. */
    private static List<Finding> words(List<Finding> findings) {
        List<Finding> words = findings.stream()
                .filter(finding -> !finding.ruleId().equals(Classifier.RULE_ID))
                .toList();
        return words.isEmpty() ? findings : words;
    }

    private static Denial denial(Found one, List<Finding> findings, double score, double threshold, Searched searched) {
        List<String> ids = findings.stream().map(Finding::ruleId).distinct().toList();
        return new Denial(
                Problem.of(
                        Problem.Kind.POLICY,
                        "injection_found",
                        String.format(
                                Locale.ROOT,
                                "%s scores %.2f for injection, the threshold is %.2f (rules %s)",
                                one.text().path(),
                                score,
                                threshold,
                                String.join(", ", ids))),
                ids,
                score,
                searched);
    }
}
