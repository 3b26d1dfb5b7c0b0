package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.time.Duration;
import java.time.Instant;

/** Held calls for tests. */
final class SampleTickets {
    private SampleTickets() {}

    static Ticket pending(String id, String agent, Instant createdAt) {
        return pending(id, agent, "anthropic/claude-opus-4-1", "Please refactor the billing module.", createdAt);
    }

    static Ticket pending(String id, String agent, String model, String summary, Instant createdAt) {
        return new Ticket(
                new TicketId(id),
                "fingerprint-" + id,
                new ExchangeId("ex_" + id),
                "key_1",
                agent,
                "platform",
                "run-1",
                model,
                "expensive",
                "the call may cost more than $5",
                summary,
                NanoUsd.ofDollars("6.25"),
                createdAt,
                createdAt.plus(Duration.ofMinutes(15)),
                Ticket.State.PENDING,
                null,
                null,
                null);
    }
}
