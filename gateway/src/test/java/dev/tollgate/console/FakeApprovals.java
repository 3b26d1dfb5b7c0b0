package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tickets of one test, in memory; can be taken away. */
final class FakeApprovals implements Approvals {
    private final Map<TicketId, Ticket> tickets = new LinkedHashMap<>();
    private boolean away;

    synchronized void goAway() {
        away = true;
    }

    synchronized void add(Ticket ticket) {
        tickets.put(ticket.id(), ticket);
    }

    synchronized Ticket get(String id) {
        return tickets.get(new TicketId(id));
    }

    @Override
    public synchronized Future<List<Ticket>> list(Ticket.State state, int limit) {
        return away
                ? Future.failedFuture(new IllegalStateException("the store is away"))
                : Future.succeededFuture(tickets.values().stream()
                        .filter(ticket -> ticket.state() == state)
                        .limit(limit)
                        .toList());
    }

    @Override
    public synchronized Future<Optional<Ticket>> find(TicketId id) {
        return Future.succeededFuture(Optional.ofNullable(tickets.get(id)));
    }

    @Override
    public synchronized Future<Optional<Ticket>> decide(TicketId id, Ticket.State decision, String by, String note) {
        tickets.computeIfPresent(
                id,
                (same, ticket) ->
                        ticket.state() == Ticket.State.PENDING ? decided(ticket, decision, by, note) : ticket);
        return find(id);
    }

    static Ticket pending(String id, String agent, Instant createdAt) {
        return new Ticket(
                new TicketId(id),
                "fingerprint-" + id,
                new ExchangeId("ex_" + id),
                "key_1",
                agent,
                "platform",
                "run-1",
                "anthropic/claude-opus-4-1",
                "expensive",
                "the call may cost more than $5",
                "Please refactor the billing module.",
                NanoUsd.ofDollars("6.25"),
                createdAt,
                createdAt.plus(Duration.ofMinutes(15)),
                Ticket.State.PENDING,
                null,
                null,
                null);
    }

    static Ticket decided(Ticket ticket, Ticket.State state, String by, String note) {
        return new Ticket(
                ticket.id(),
                ticket.fingerprint(),
                ticket.exchange(),
                ticket.key(),
                ticket.agent(),
                ticket.team(),
                ticket.session(),
                ticket.model(),
                ticket.rule(),
                ticket.reason(),
                ticket.summary(),
                ticket.estimate(),
                ticket.createdAt(),
                ticket.deadline(),
                state,
                by,
                ticket.createdAt(),
                note);
    }
}
