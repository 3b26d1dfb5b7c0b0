package dev.tollgate.approval;

import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tickets for tests. */
public final class Tickets {
    public static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    public static final Duration WAIT = Duration.ofMinutes(5);

    private Tickets() {}

    /** A ticket opened at {@link #NOW} that may wait for {@link #WAIT}. */
    public static Ticket pending(String id, String fingerprint) {
        return pending(id, fingerprint, NOW);
    }

    public static Ticket pending(String id, String fingerprint, Instant at) {
        return ticket(id, fingerprint, at, NanoUsd.ofDollars("2.5"));
    }

    public static Ticket unpriced(String id, String fingerprint) {
        return ticket(id, fingerprint, NOW, null);
    }

    /** A ticket whose client named this model, held for this reason. */
    public static Ticket called(String id, String model, String reason) {
        return ticket(id, "f-" + id, NOW, NanoUsd.ofDollars("2.5"), model, reason);
    }

    public static Ticket with(Ticket ticket, Terms terms) {
        return ticket.with(ticket.details().with(terms));
    }

    /** A ticket with this in common with the same call of other sessions. */
    public static Ticket ofAnySession(Ticket ticket, String same) {
        return ticket.with(ticket.details().sharedBy(same));
    }

    /** A ticket of a call of this turn: its own, or a companion with a name. */
    public static Ticket ofTurn(Ticket ticket, String digest, String companion) {
        return ticket.with(ticket.details().with(new Turn(digest, companion, false, List.of())));
    }

    /** The same ticket of another agent or team. */
    public static Ticket by(Ticket ticket, String agent, String team) {
        return new Ticket(
                ticket.id(),
                ticket.fingerprint(),
                ticket.exchange(),
                ticket.key(),
                agent,
                team,
                ticket.session(),
                ticket.model(),
                ticket.rule(),
                ticket.reason(),
                ticket.summary(),
                ticket.estimate(),
                ticket.createdAt(),
                ticket.deadline(),
                ticket.state(),
                ticket.decidedBy(),
                ticket.decidedAt(),
                ticket.note(),
                ticket.details());
    }

    private static Ticket ticket(String id, String fingerprint, Instant at, @Nullable NanoUsd estimate) {
        return ticket(id, fingerprint, at, estimate, "openai/gpt-4o", "costs much");
    }

    private static Ticket ticket(
            String id, String fingerprint, Instant at, @Nullable NanoUsd estimate, String model, String reason) {
        return new Ticket(
                new TicketId(id),
                fingerprint,
                new ExchangeId("exchange-of-" + id),
                "key_1",
                "coder",
                "core",
                "run-1",
                model,
                "dear",
                reason,
                "user: do it",
                estimate,
                at,
                at.plus(WAIT),
                Ticket.State.PENDING,
                null,
                null,
                null);
    }
}
