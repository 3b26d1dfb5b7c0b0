package dev.tollgate.load;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The records of a call as a gateway with all its stages writes them, for measurements of the log. */
final class SampleRecords {
    private static final int COUNTERS = 3;

    private SampleRecords() {}

    /** What is set by default, but for how records are forced to the disk. */
    static AuditPolicy policy(Durability durability) {
        return new AuditPolicy(
                durability,
                AuditPolicy.DEFAULT.segment(),
                AuditPolicy.DEFAULT.backlog(),
                AuditPolicy.DEFAULT.unshipped(),
                AuditPolicy.DEFAULT.whenUnshipped());
    }

    static Received received(String exchange) {
        List<String> counters = new ArrayList<>();
        for (int i = 0; i < COUNTERS; i++) {
            counters.add("org/default/key-daily/key/k_01m7z897wav0t51a93h" + i + "/2026-11-21");
        }
        NanoUsd held = new NanoUsd(2_000_000);
        return new Received(
                new ExchangeId(exchange),
                Instant.now(),
                "0123456789abcdef",
                "POST",
                "openai/chat/completions",
                "openai_chat",
                "k_01m7z897wav0t51a",
                "agent",
                "team",
                "session",
                "gpt-4o-mini",
                List.of("openai/gpt-4o-mini"),
                1234,
                "a".repeat(64),
                List.of(),
                List.of(
                        new Verdict("identify", "proceed", "ok", List.of(), "", 12),
                        new Verdict("route", "proceed", "ok", List.of(), "", 5),
                        new Verdict("limits", "proceed", "ok", List.of(), "", 3),
                        new Verdict("cost_cap", "proceed", "ok", List.of(), "", 9),
                        new Verdict("scan", "proceed", "ok", List.of(), "", 90),
                        new Verdict("detect", "proceed", "ok", List.of(), "", 40),
                        new Verdict("approve", "proceed", "ok", List.of(), "", 2)),
                new Reservation(held, counters, Instant.now().plusSeconds(1800), "key-daily", new NanoUsd(77)),
                held,
                Labels.NONE);
    }

    static Ended ended(String exchange) {
        return new Ended(
                new ExchangeId(exchange),
                Instant.now(),
                "completed",
                200,
                "",
                "openai/gpt-4o-mini",
                1,
                new Usage(170, 0, 0, 0, 120, 0, 0, 0, 0, 0, null, Usage.Source.REPORTED),
                new NanoUsd(1_000_000),
                812,
                1_200,
                1_400);
    }
}
