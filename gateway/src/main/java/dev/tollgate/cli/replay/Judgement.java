package dev.tollgate.cli.replay;

import dev.tollgate.exchange.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What became of a call, in the form in which two policies are compared.
 *
 * @param kind what became of it
 * @param stage the stage that stopped it; empty where it passed
 * @param code why
 * @param rules ids of the rules that decided
 * @param changes what was changed in a call that passed, such as {@code redacted} or {@code clamp_output:daily}
 */
public record Judgement(Kind kind, String stage, String code, List<String> rules, List<String> changes) {
    private static final String PLACEHOLDERS = "placeholders were put into";
    private static final String OK = "ok";
    private static final Set<String> PRICE_CHANGES = Set.of("clamp_output", "downgrade");

    /** What became of a call. */
    public enum Kind {
        PASS,
        DENY,
        HOLD,
        /** A stage could not decide. */
        FAILED
    }

    public Judgement {
        rules = List.copyOf(rules);
        changes = List.copyOf(changes);
    }

    /** What the verdicts of a call come to: the first that stopped it counts, even where a person let it pass later. */
    public static Judgement of(List<Verdict> verdicts) {
        List<String> changes = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            switch (verdict.result()) {
                case "deny" -> {
                    return new Judgement(Kind.DENY, verdict.stage(), verdict.code(), verdict.rules(), List.of());
                }
                case "hold" -> {
                    return new Judgement(Kind.HOLD, verdict.stage(), verdict.code(), verdict.rules(), List.of());
                }
                case "failed" -> {
                    return new Judgement(Kind.FAILED, verdict.stage(), verdict.code(), List.of(), List.of());
                }
                default -> note(verdict, changes, rules);
            }
        }
        return new Judgement(Kind.PASS, "", OK, rules, changes);
    }

    private static void note(Verdict verdict, List<String> changes, List<String> rules) {
        if (verdict.detail().startsWith(PLACEHOLDERS)) {
            changes.add("redacted");
            rules.addAll(verdict.rules());
        }
        for (String rule : verdict.rules()) {
            int colon = rule.indexOf(':');
            if (colon > 0 && PRICE_CHANGES.contains(rule.substring(0, colon))) {
                changes.add(rule);
            }
        }
    }

    /** Whether both come to the same for the caller. */
    public boolean isSameAs(Judgement other) {
        return kind == other.kind
                && stage.equals(other.stage)
                && code.equals(other.code)
                && changes.equals(other.changes)
                && (kind != Kind.HOLD || rules.equals(other.rules));
    }

    @Override
    public String toString() {
        String why = switch (kind) {
            case PASS -> changes.isEmpty() ? "" : " " + String.join(" ", changes);
            case DENY, HOLD, FAILED -> " " + stage + "/" + code;
        };
        String by = rules.isEmpty() ? "" : " (" + String.join(" ", rules) + ")";
        return kind.name().toLowerCase(java.util.Locale.ROOT) + why + by;
    }
}
