package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as a page shows it.
 *
 * @param row both its records
 */
record ExchangeView(ExchangeRow row) {
    Received received() {
        return row.received();
    }

    String id() {
        return received().exchange().value();
    }

    @Nullable
    Ended ended() {
        return row.ended().orElse(null);
    }

    /** How it ended; {@code open} before that. */
    String result() {
        return row.ended().map(Ended::result).orElse("open");
    }

    /** The colour of its result. */
    String tone() {
        return switch (result()) {
            case "completed" -> "good";
            case "denied", "blocked" -> "bad";
            case "open" -> "calm";
            case "client_gone", "aborted" -> "quiet";
            default -> "warn";
        };
    }

    /** Why it was denied or failed; empty where it was not. */
    String code() {
        return row.ended().map(Ended::code).orElse("");
    }

    @Nullable
    NanoUsd cost() {
        return row.ended().map(Ended::cost).orElse(null);
    }

    /** What it cost, or why nothing can be said of it. */
    String costText() {
        return row.ended()
                .map(ended -> ended.attempts() == 0 ? "–" : Format.money(ended.cost()))
                .orElse("…");
    }

    /** The model that served it, else the one asked for. */
    String model() {
        String target = row.ended().map(Ended::target).orElse("");
        return target.isEmpty() ? received().model() : target;
    }

    String duration() {
        return row.ended().map(ended -> Format.micros(ended.durationMicros())).orElse("…");
    }

    String agent() {
        return received().agent().isEmpty() ? "unknown" : received().agent();
    }

    Labels labels() {
        return received().labels();
    }

    /** The helper that called and who started it; empty for the agent itself. */
    String subAgent() {
        Labels labels = labels();
        return labels.parent().isEmpty() ? labels.subAgent() : labels.subAgent() + ", started by " + labels.parent();
    }

    List<Verdict> verdicts() {
        List<Verdict> all = new ArrayList<>(received().verdicts());
        row.ended().ifPresent(ended -> all.addAll(ended.verdicts()));
        return all;
    }

    /** The colour of a stage's verdict. */
    static String tone(Verdict verdict) {
        return switch (verdict.result()) {
            case "proceed" -> verdict.rules().isEmpty() ? "good" : "warn";
            case "deny", "failed" -> "bad";
            case "off" -> "quiet";
            default -> "warn";
        };
    }

    /** What a stage does, for newcomers. */
    static String purpose(Verdict verdict) {
        return switch (verdict.stage()) {
            case "identify" -> "Who calls";
            case "read" -> "What the request says";
            case "route" -> "Where it may go";
            case "limit" -> "Whether it comes too fast";
            case "budget" -> "Whether it is affordable";
            case "scan" -> "Secrets and personal data";
            case "detect" -> "Injection and exfiltration";
            case "tools" -> "What tools may do";
            case "reply" -> "What the model answered";
            case "approve" -> "Whether a person must agree";
            default -> "";
        };
    }
}
