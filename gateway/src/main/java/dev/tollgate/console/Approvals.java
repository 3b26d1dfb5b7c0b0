package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where tickets are seen and decided. Whoever implements it also wakes the client that waits. A failed future means that the store is away. */
public interface Approvals {
    /** Tickets in a state, oldest first. */
    Future<List<Ticket>> list(Ticket.State state, int limit);

    Future<Optional<Ticket>> find(TicketId id);

    /**
     * Decides a pending ticket.
     *
     * @param decision APPROVED or DENIED
     * @param by who decides
     * @param note the reviewer's own words; may be empty
     * @return the ticket as it now stands, unchanged if it was decided before; empty if there is none
     */
    Future<Optional<Ticket>> decide(TicketId id, Ticket.State decision, String by, String note);
}
