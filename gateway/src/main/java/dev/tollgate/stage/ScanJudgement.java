package dev.tollgate.stage;

import dev.tollgate.detect.Finding;
import dev.tollgate.detect.Kind;
import dev.tollgate.detect.Placeholders;
import dev.tollgate.detect.Redactor;
import dev.tollgate.detect.Redactor.Redacted;
import dev.tollgate.detect.RuleSet;
import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.Text;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.policy.ScanPolicy;
import dev.tollgate.policy.ScanPolicy.Action;
import dev.tollgate.stage.Inspector.Found;
import dev.tollgate.wire.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What is made of the secrets and personal data in one call. What a new turn brings in is blocked, held, replaced or marked as the policy
 * says; what would be blocked or held is replaced in a turn that comes again.
 */
final class ScanJudgement {
    private final Exchange exchange;
    private final ScanPolicy policy;
    private final RuleSet rules;
    private final TextSplices splices;
    private final Redactor redactor;
    private final Searched searched;
    private final boolean hidesMarked;
    private final List<Blocked> blocked = new ArrayList<>();
    private final List<Asking> asking = new ArrayList<>();
    private final Set<String> fired = new LinkedHashSet<>();
    private int redactedTexts;

    /** A finding that ends the call, and where. */
    private record Blocked(Finding finding, String path) {}

    ScanJudgement(Exchange exchange, TextSplices splices, Redactor redactor, Searched searched) {
        this.exchange = exchange;
        this.policy = exchange.policy().bundle().scan();
        this.rules = exchange.policy().view(RuleSet.class);
        this.splices = splices;
        this.redactor = redactor;
        this.searched = searched;
        this.hidesMarked = !exchange.policy().bundle().approval().holds().isEmpty();
    }

    Decision of(List<Found> found) {
        found.forEach(this::judge);
        if (!blocked.isEmpty()) {
            return new Deny(denial());
        }
        String detail = redactedTexts == 0
                ? ""
                : "placeholders were put into " + redactedTexts + (redactedTexts == 1 ? " text" : " texts");
        return new Proceed(splices.applyTo(exchange), List.copyOf(fired), detail, 0, searched, asking);
    }

    private void judge(Found one) {
        List<Finding> toRedact = new ArrayList<>();
        Map<String, String> hidden = new HashMap<>();
        for (Finding finding : one.findings()) {
            if (!Placeholders.isFoundIn(one.text().value(), finding)) {
                judge(one.text(), finding, toRedact, hidden);
            }
        }
        if (!toRedact.isEmpty()) {
            Redacted redacted = redactor.redact(
                    one.text().value(),
                    toRedact,
                    finding -> action(finding) == Action.RESTORE,
                    isArguments(one.text()) ? ScanJudgement::unescaped : UnaryOperator.identity());
            splices.replace(one.text(), redacted.text(), redacted.originals(), hidden);
            redactedTexts++;
        } else if (!hidden.isEmpty() && mayChange(one.text())) {
            splices.hide(exchange, one.text(), hidden);
        }
    }

    private void judge(Text text, Finding finding, List<Finding> toRedact, Map<String, String> hidden) {
        Action action = action(finding);
        if (action != Action.OFF) {
            fired.add(finding.ruleId());
        }
        switch (action) {
            case BLOCK -> {
                if (text.isNew()) {
                    blocked.add(new Blocked(finding, text.path()));
                } else {
                    redact(text, finding, toRedact);
                }
            }
            case HOLD -> {
                if (text.isNew() && (QueryText.is(text) || mayChange(text))) {
                    asking.add(new Asking(finding.ruleId(), said(finding, text.path())));
                    hide(text, finding, hidden);
                } else {
                    redact(text, finding, toRedact);
                }
            }
            case REDACT, RESTORE -> redact(text, finding, toRedact);
            case MARK -> {
                if (hidesMarked) {
                    hide(text, finding, hidden);
                }
            }
            case OFF -> {
                // Not looked for.
            }
        }
    }

    private void redact(Text text, Finding finding, List<Finding> toRedact) {
        if (mayChange(text)) {
            toRedact.add(finding);
        } else {
            // A text that cannot take a placeholder: passing it on would pass the finding on.
            blocked.add(new Blocked(finding, text.path()));
        }
    }

    /** People are not shown what was found; nor the query, of which no ticket tells. */
    private void hide(Text text, Finding finding, Map<String, String> hidden) {
        String value = text.value().substring(finding.start(), finding.end());
        hidden.put(redactor.placeholder(finding.ruleId(), value), value);
    }

    /** What a client wrote into the query is its program's, and what an earlier stage has changed in part leaves no place for another change. */
    private boolean mayChange(Text text) {
        return !QueryText.is(text) && splices.isFree(text);
    }

    private Action action(Finding finding) {
        Action byKind = finding.kind() == Kind.SECRET ? policy.secrets() : policy.personal();
        Action byRule = byKind != Action.OFF && rules.marksOnly(finding.ruleId()) ? Action.MARK : byKind;
        return policy.rules().getOrDefault(finding.ruleId(), byRule);
    }

    private Denial denial() {
        Blocked first = blocked.getFirst();
        String more = blocked.size() == 1 ? "" : ", and " + (blocked.size() - 1) + " more";
        return new Denial(
                Problem.of(
                        Problem.Kind.POLICY,
                        first.finding.kind() == Kind.SECRET ? "secret_found" : "personal_data_found",
                        said(first.finding, first.path) + more + "; the policy blocks it"),
                List.copyOf(fired),
                0,
                searched);
    }

    private static String said(Finding finding, String path) {
        return "rule " + finding.ruleId() + " found " + (finding.kind() == Kind.SECRET ? "a secret" : "personal data")
                + " at " + path;
    }

    /** Whether a text is JSON that stands in a string, as arguments of tools do at OpenAI. */
    private static boolean isArguments(Text text) {
        return text.place() == Place.TOOL_ARGUMENTS && text.path().endsWith("arguments");
    }

    /** What a stretch of JSON inside one of its strings means; itself where it is none. */
    private static String unescaped(String written) {
        if (written.indexOf('\\') < 0) {
            return written;
        }
        try {
            Json string = JsonReader.read(('"' + written + '"').getBytes(StandardCharsets.UTF_8));
            return string instanceof Json.Str meant ? meant.value() : written;
        } catch (JsonRefused cutInAnEscape) {
            return written;
        }
    }
}
