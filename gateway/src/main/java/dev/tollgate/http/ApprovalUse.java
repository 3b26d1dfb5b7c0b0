package dev.tollgate.http;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.approval.Waiting;
import io.vertx.core.Future;

/** What becomes of an approval when one of the calls that wait for it comes to use it. Exactly one gets what is for one call. */
final class ApprovalUse {
    /** How it goes on with the call. */
    enum Outcome {
        /** It goes on. */
        GOES_ON,
        /** Another call has the approval, which this one was not asked about with: it is asked about by itself. */
        ANEW,
        /** A duplicate of the call has it. */
        USED,
        /** Nobody has come for it in time. */
        LOST
    }

    private final TicketDesk desk;
    private final boolean isShared;

    /** @param isShared whether one leave is for all calls with the ticket */
    ApprovalUse(TicketDesk desk, boolean isShared) {
        this.desk = desk;
        this.isShared = isShared;
    }

    /**
     * Takes the approval, or finds out who has it. A failed future means that nobody can tell: the call must not go on.
     *
     * @param approved the ticket, approved or used
     * @param draft of the call that comes
     */
    Future<Outcome> take(Ticket approved, Ticket draft, Waiting place) {
        if (!place.isOwn()) {
            return desk.share(approved, draft).map(goesOn -> goesOn ? Outcome.GOES_ON : Outcome.ANEW);
        }
        return approved.state() == State.APPROVED
                ? desk.consume(approved, draft.fingerprint())
                        .compose(taken -> taken ? Future.succeededFuture(Outcome.GOES_ON) : taken(approved, draft))
                : taken(approved, draft);
    }

    /** Somebody else has it. */
    private Future<Outcome> taken(Ticket approved, Ticket draft) {
        return isShared
                // It was for all calls of its subject, and another one has taken it for all of them.
                ? desk.isConsumed(approved).map(used -> used ? Outcome.GOES_ON : Outcome.LOST)
                // It may have passed from one session to another while both waited, on different nodes.
                : desk.isUsedByAnother(approved, draft.fingerprint())
                        .map(another -> another ? Outcome.ANEW : Outcome.USED)
                        .otherwise(Outcome.USED);
    }
}
