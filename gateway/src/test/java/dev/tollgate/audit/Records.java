package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Records for tests: typical ones, with every member set. */
public final class Records {
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
    public static final String COUNTER = "daily/key/k_1/2026-03-01";

    private Records() {}

    public static Received received(String exchange) {
        return received(exchange, NOON, "agent-a", "team-a", "session-a", 2_000_000);
    }

    public static Received received(String exchange, Labels labels) {
        Received plain = received(exchange);
        return new Received(
                plain.exchange(),
                plain.at(),
                plain.policy(),
                plain.method(),
                plain.endpoint(),
                plain.wire(),
                plain.key(),
                plain.agent(),
                plain.team(),
                plain.session(),
                plain.model(),
                plain.targets(),
                plain.requestBytes(),
                plain.requestSha256(),
                plain.notScanned(),
                plain.verdicts(),
                plain.reservation(),
                plain.estimate(),
                labels);
    }

    public static Received received(
            String exchange, Instant at, String agent, String team, String session, long heldNanos) {
        NanoUsd held = new NanoUsd(heldNanos);
        return new Received(
                new ExchangeId(exchange),
                at,
                "0123456789abcdef",
                "POST",
                "openai/chat/completions",
                "openai_chat",
                "k_1",
                agent,
                team,
                session,
                "fast",
                List.of("openai/small-1", "groq/small-2"),
                1234,
                "a".repeat(64),
                List.of("image"),
                List.of(
                        new Verdict("identify", "proceed", "ok", List.of(), "", 12, 0.875),
                        new Verdict(
                                "scan", "proceed", "ok", List.of("email", "iban"), "2 texts redacted: «é», \"x\"", 90)),
                new Reservation(held, List.of(COUNTER), at.plusSeconds(1800), "daily", new NanoUsd(77)),
                held,
                new Labels("ann", new TreeMap<>(Map.of("project", "alpha", "env", "prod")), "searcher", "planner", 2));
    }

    /** One of which stages said this. */
    public static Received received(String exchange, Verdict first, Verdict... others) {
        Received plain = received(exchange);
        return new Received(
                plain.exchange(),
                plain.at(),
                plain.policy(),
                plain.method(),
                plain.endpoint(),
                plain.wire(),
                plain.key(),
                plain.agent(),
                plain.team(),
                plain.session(),
                plain.model(),
                plain.targets(),
                plain.requestBytes(),
                plain.requestSha256(),
                plain.notScanned(),
                Stream.concat(Stream.of(first), Stream.of(others)).toList(),
                plain.reservation(),
                plain.estimate(),
                plain.labels());
    }

    /** One of whose reply this was said. */
    public static Ended ended(String exchange, Verdict verdict) {
        Ended whole = ended(exchange);
        return new Ended(
                whole.exchange(),
                whole.at(),
                whole.result(),
                whole.status(),
                whole.code(),
                whole.target(),
                whole.attempts(),
                whole.usage(),
                whole.cost(),
                whole.replyBytes(),
                whole.firstByteMicros(),
                whole.durationMicros(),
                whole.savedNanos(),
                null,
                List.of(),
                List.of(verdict));
    }

    public static Ended ended(String exchange) {
        return ended(exchange, NOON.plusSeconds(1), "completed", "openai/small-1", 1_500_000L);
    }

    /** The end of a call that another target had before, in vain: what that may bill is part of the cost. */
    public static Ended endedBehind(String exchange, LostAttempt lost) {
        Ended whole = ended(exchange);
        return new Ended(
                whole.exchange(),
                whole.at(),
                whole.result(),
                whole.status(),
                whole.code(),
                whole.target(),
                2,
                whole.usage(),
                whole.cost(),
                whole.replyBytes(),
                whole.firstByteMicros(),
                whole.durationMicros(),
                whole.savedNanos(),
                null,
                List.of(lost),
                List.of());
    }

    public static Ended ended(String exchange, Instant at, String result, String target, Long costNanos) {
        boolean sent = !target.isEmpty();
        return new Ended(
                new ExchangeId(exchange),
                at,
                result,
                sent ? 200 : 400,
                sent ? "" : "policy_denied",
                target,
                sent ? 1 : 0,
                sent ? usage() : Usage.NONE,
                costNanos == null ? null : new NanoUsd(costNanos),
                4321,
                250_000,
                1_000_000,
                sent ? -77 : 0);
    }

    private static Usage usage() {
        return new Usage(100, 20, 3, 4, 50, 6, 7, 8, 9, 10, new NanoUsd(5), Usage.Source.REPORTED)
                .with(new Extras(1, 2, 3, 4, 5, 6, 7, 8, ServiceTier.FLEX));
    }

    public static Administrative administrative(String action) {
        return new Administrative(NOON, action, "gateway", "subject", Map.of("b", "2", "a", "1"));
    }
}
