package dev.tollgate.approval;

import io.vertx.core.Future;

/** Puts on the record what happens to tickets: the desk itself keeps no log. */
@FunctionalInterface
public interface TicketRecorder {
    /** What happened. The ticket itself says by whom, when and why. */
    enum Event {
        /** A call was held and a ticket opened for it. */
        OPENED,
        /** A retry of a held call came back to its ticket, or the same call of another session took it over. */
        JOINED,
        /** Somebody has spoken, and others must before it is decided. */
        VOTED,
        /** Nobody decided in time, and the policy approves what nobody decides. */
        APPROVED_BY_TIMEOUT,
        /** Somebody decided at this desk. */
        DECIDED,
        /** A decision made elsewhere (another node, a command) reached a call that waits here. */
        HEARD,
        /** The deadline passed without a decision. */
        EXPIRED,
        /** The approval was used: the call goes on. */
        CONSUMED,
        /** Another call of the same turn goes on with the approval. */
        SHARED
    }

    /** Completes when the event is acknowledged by the record; what depends on it goes on only then. */
    Future<Void> record(Event event, Ticket ticket);
}
