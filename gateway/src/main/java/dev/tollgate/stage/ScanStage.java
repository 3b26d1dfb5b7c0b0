package dev.tollgate.stage;

import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Redactor;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Text;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ScanPolicy.Action;
import dev.tollgate.policy.ScanPolicy.Unreadable;
import dev.tollgate.stage.Inspector.Found;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for secrets and personal data in every text of the request, whoever wrote it, and blocks, redacts or marks what it finds. The turn
 * that brings a finding in is what is blocked: found again in a turn that the agent sends once more it is redacted, since one blocked
 * message would block the session for ever. What cannot be read is refused, unless it is an image, sound, film or PDF.
 */
public final class ScanStage implements Stage {
    private static final Set<Kind> KINDS = Set.of(Kind.SECRET, Kind.PERSONAL);

    private final Inspector inspector;

    public ScanStage(Inspector inspector) {
        this.inspector = inspector;
    }

    @Override
    public StageId id() {
        return StageId.SCAN;
    }

    @Override
    public Mode mode(PolicySnapshot policy) {
        return policy.bundle().scan().mode();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        ScanPolicy policy = exchange.policy().bundle().scan();
        // A body that nobody can read could hide anything.
        Optional<String> unreadable =
                policy.unreadable() == Unreadable.DENY ? unreadable(exchange.content()) : Optional.empty();
        if (unreadable.isPresent()) {
            return Future.succeededFuture(new Deny(Denial.of(
                    Problem.Kind.POLICY,
                    "unreadable_content",
                    "cannot be read as text and so not be scanned: " + unreadable.get()
                            + " (scan.unreadable: allow would let it pass)")));
        }
        TextSplices splices = new TextSplices(exchange);
        List<Text> texts = QueryText.with(splices.current(exchange.facts().texts()), exchange.endpoint());
        RuleSet rules = exchange.policy().view(RuleSet.class);
        return inspector
                .search(exchange.policy(), texts, KINDS)
                .map(found -> new Judgement(policy, rules, splices).of(exchange, found));
    }

    private static Optional<String> unreadable(Content content) {
        if (!content.coding().isEmpty()) {
            return Optional.of("a body with content coding " + content.coding());
        }
        return content.facts().notScanned().stream()
                .filter(what -> !isMedium(what))
                .findFirst();
    }

    private static boolean isMedium(String notScanned) {
        return (notScanned.startsWith("image/") && !notScanned.startsWith("image/svg"))
                || notScanned.startsWith("audio/")
                || notScanned.startsWith("video/")
                || notScanned.startsWith("application/pdf ");
    }

    /** What is made of the findings of one call. */
    private static final class Judgement {
        private final ScanPolicy policy;
        private final RuleSet rules;
        private final TextSplices splices;
        private final List<Blocked> blocked = new ArrayList<>();
        private final Set<String> fired = new LinkedHashSet<>();
        private int redactedTexts;

        /** A finding that ends the call, and where. */
        private record Blocked(Finding finding, String path) {}

        Judgement(ScanPolicy policy, RuleSet rules, TextSplices splices) {
            this.policy = policy;
            this.rules = rules;
            this.splices = splices;
        }

        Decision of(Exchange exchange, List<Found> found) {
            Redactor redactor = new Redactor(rules);
            // Old turns first: their placeholders keep their numbers when new turns come, and the provider's prompt
            // cache keeps hitting.
            found.stream()
                    .sorted(Comparator.comparing(one -> one.text().isNew()))
                    .forEach(one -> judge(one, redactor));
            if (!blocked.isEmpty()) {
                return new Deny(denial());
            }
            String detail = redactedTexts == 0
                    ? ""
                    : "placeholders were put into " + redactedTexts + (redactedTexts == 1 ? " text" : " texts");
            return new Proceed(splices.applyTo(exchange), List.copyOf(fired), detail);
        }

        private void judge(Found one, Redactor redactor) {
            List<Finding> toRedact = new ArrayList<>();
            for (Finding finding : one.findings()) {
                Action action = action(finding);
                if (action != Action.OFF) {
                    fired.add(finding.ruleId());
                }
                boolean redacts = action == Action.REDACT
                        || (action == Action.BLOCK && !one.text().isNew());
                // A text that an earlier stage has changed in part cannot take a placeholder: passing it on would pass
                // the finding on.
                if ((action == Action.BLOCK && !redacts) || (redacts && !mayRedact(one.text()))) {
                    blocked.add(new Blocked(finding, one.text().path()));
                } else if (redacts) {
                    toRedact.add(finding);
                }
            }
            if (!toRedact.isEmpty()) {
                splices.replace(one.text(), redactor.redact(one.text().value(), toRedact));
                redactedTexts++;
            }
        }

        /** What a client wrote into the query is its program's, and goes on as it is or not at all. */
        private boolean mayRedact(Text text) {
            return !QueryText.is(text) && splices.isFree(text);
        }

        private Action action(Finding finding) {
            Action byKind = finding.kind() == Kind.SECRET ? policy.secrets() : policy.personal();
            Action byRule = byKind != Action.OFF && rules.marksOnly(finding.ruleId()) ? Action.MARK : byKind;
            return policy.rules().getOrDefault(finding.ruleId(), byRule);
        }

        private Denial denial() {
            Blocked first = blocked.getFirst();
            boolean isSecret = first.finding.kind() == Kind.SECRET;
            String more = blocked.size() == 1 ? "" : ", and " + (blocked.size() - 1) + " more";
            return new Denial(
                    Problem.of(
                            Problem.Kind.POLICY,
                            isSecret ? "secret_found" : "personal_data_found",
                            "rule " + first.finding.ruleId() + " found " + (isSecret ? "a secret" : "personal data")
                                    + " at " + first.path + more + "; the policy blocks it"),
                    List.copyOf(fired));
        }
    }
}
