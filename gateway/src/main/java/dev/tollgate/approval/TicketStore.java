package dev.tollgate.approval;

import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps tickets for all nodes. Every change of state is atomic. A failed future means that the store is away. */
public interface TicketStore {
    /**
     * Opens a ticket, or joins the one with the same fingerprint that is pending or approved and not past its deadline.
     *
     * @return the ticket in force, which has the given id only if it was opened
     */
    Future<Ticket> openOrJoin(Ticket ticket);

    Future<Optional<Ticket>> find(TicketId id);

    /** Tickets in a state, oldest first, at most {@code limit}. */
    Future<List<Ticket>> list(Ticket.State state, int limit);

    /**
     * Decides a pending ticket that is not past its deadline.
     *
     * @param decision APPROVED or DENIED
     * @return the ticket as it now stands; empty if there is none. A ticket decided before is returned unchanged
     */
    Future<Optional<Ticket>> decide(TicketId id, Ticket.State decision, String by, String note, Instant at);

    /** Takes an approval: APPROVED → CONSUMED. True for exactly one caller. */
    Future<Boolean> consume(TicketId id, Instant at);

    /** Marks pending tickets past their deadline EXPIRED; yields how many. */
    Future<Integer> expire(Instant now);
}
