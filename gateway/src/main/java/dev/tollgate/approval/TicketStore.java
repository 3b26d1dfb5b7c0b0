package dev.tollgate.approval;

import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Keeps tickets for all nodes, moments to the millisecond. Every change of state is atomic. A failed future means that the store is away.
 *
 * <p>A ticket stands for its fingerprint until its deadline: a pending one until it counts as denied, an approved one until the approval
 * is lost (its terms say how long after the decision), a denied one and one that nobody
 * decided in time as long as the same call is refused without asking again ({@link Ticket#DENIAL_LASTS}). At most one ticket stands for a fingerprint.
 */
public interface TicketStore {
    /** Most ids in one question. */
    int MAX_IDS = 500;

    /** Most tickets of other sessions that are looked at before one of its own is opened. */
    int MAX_SAME = 100;

    /**
     * Opens a ticket, or joins the one that stands for its fingerprint at {@code ticket.createdAt()}, or takes over one that stands for the same
     * call of another session ({@link Ticket#mayPassTo}): an approval if there is one, the oldest otherwise.
     *
     * @param isFree whether a ticket of another session may be taken over: nobody waits for it. May be asked on any thread, several times, and
     *     about no more than is needed
     * @return the ticket in force, which has the given id only if it was opened, and the given fingerprint in any case
     */
    Future<Ticket> openOrJoin(Ticket ticket, Predicate<Ticket> isFree);

    /** As {@link #openOrJoin(Ticket, Predicate)}, but takes nothing over. */
    default Future<Ticket> openOrJoin(Ticket ticket) {
        return openOrJoin(ticket, other -> false);
    }

    Future<Optional<Ticket>> find(TicketId id);

    /**
     * Tickets of a turn ({@link Turn#digest}) that are not past their deadline at a moment, used ones too: the newest, and these first, at most
     * {@link #MAX_SAME}.
     */
    Future<List<Ticket>> ofTurn(String digest, Instant at);

    /** Tickets in a state, at most {@code limit}: of pending ones the oldest and these first, of all others the newest and these first. */
    Future<List<Ticket>> list(Ticket.State state, int limit);

    /** Approvals that are not past their deadline at a moment, and that no client has come back for: the oldest, and these first. */
    Future<List<Ticket>> waitingForClients(Instant at, int limit);

    /**
     * Changes a ticket, as one step: nobody else's change comes in between.
     *
     * @param change what becomes of it, itself where nothing is to change; may be asked several times. It leaves id, fingerprint and
     *     what opened the ticket as they are
     * @return the ticket as it now stands; empty if there is none
     */
    Future<Optional<Ticket>> amend(TicketId id, UnaryOperator<Ticket> change);

    /**
     * Lets one person speak about a pending ticket that is not past its deadline.
     *
     * @return the ticket as it now stands, with the deadline that its new state brings; empty if there is none. A ticket decided before
     *     is returned unchanged, a pending one past its deadline as its terms say
     */
    default Future<Optional<Ticket>> decide(TicketId id, Vote vote) {
        return amend(
                id,
                ticket -> ticket.state() != Ticket.State.PENDING
                        ? ticket
                        : ticket.standsAt(vote.at()) ? ticket.voted(vote) : ticket.timedOut(vote.at()));
    }

    /** Those of the named tickets that are pending no more; unknown ones are left out. At most {@link #MAX_IDS} ids. */
    Future<List<Ticket>> decidedAmong(Collection<TicketId> ids);

    /**
     * Takes an approval that is not past its deadline: APPROVED → CONSUMED. True for exactly one caller.
     *
     * @param fingerprint of the call that uses it, which the ticket has from then on
     */
    Future<Boolean> consume(TicketId id, String fingerprint, Instant at);

    /**
     * Lets tickets go that are over: denied, expired, used or lost. Pending ones stay, and approvals that can be used.
     *
     * @param before they went past their deadline before this moment, which is not in the future
     * @return how many this call has let go, at most {@link #MAX_IDS}; zero where none is left
     */
    Future<Integer> forget(Instant before);

    /** Ends pending tickets past their deadline as their terms say; yields those that this call has ended, at most {@link #MAX_IDS}. */
    Future<List<Ticket>> expire(Instant now);
}
