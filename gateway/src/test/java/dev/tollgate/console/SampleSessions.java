package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Calls of the session {@code s} of the team {@code team}. Each takes ten seconds, and its scan has found a key. */
final class SampleSessions {
    static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private SampleSessions() {}

    /** @param second when it comes in, after {@link #START} */
    static ExchangeRow call(int number, int second, String helper, String parent, long nanos) {
        Received received = new Received(
                new ExchangeId("ex_" + number),
                START.plusSeconds(second),
                "p",
                "POST",
                "openai/chat/completions",
                "openai_chat",
                "k",
                "coder",
                "team",
                "s",
                "m",
                List.of(),
                1,
                "",
                List.of(),
                List.of(
                        new Verdict("identify", "proceed", "ok", List.of(), "", 1),
                        new Verdict("scan", "deny", "secret_found", List.of("aws-key"), "a key was found", 1)),
                null,
                null,
                new Labels("", new TreeMap<>(), helper, parent, helper.isEmpty() ? 0 : 1));
        Ended ended = new Ended(
                new ExchangeId("ex_" + number),
                START.plusSeconds(second + 10),
                "completed",
                200,
                "",
                "openai/m",
                1,
                Usage.NONE,
                new NanoUsd(nanos),
                1,
                1,
                10_000_000);
        return new ExchangeRow(received, Optional.of(ended));
    }
}
