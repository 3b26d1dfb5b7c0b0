package dev.tollgate.approval;

import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketRecorder.Event;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where held calls wait for a person. One per node, shared by its event loops; futures complete on the caller's context.
 *
 * <pre>
 *   hold ──▶ PENDING ──decide──▶ APPROVED ──consume──▶ CONSUMED   the call goes on, once
 *               │  ╰──────────▶ DENIED                             refused, for a while without asking again
 *               ╰──deadline───▶ EXPIRED                            counts as denied; APPROVED where its terms say so
 * </pre>
 *
 * A decision made at this desk wakes its waiters at once, one made elsewhere within the poll interval. A client that leaves changes nothing:
 * its ticket waits for it to come back.
 */
public final class TicketDesk implements AutoCloseable {
    /** How often decisions made elsewhere are asked for while somebody waits. */
    public static final Duration POLL = Duration.ofSeconds(1);
    /** How often tickets that nobody here waits for are looked at for their deadlines, in polls. */
    private static final int POLLS_PER_SWEEP = 10;

    private static final Logger LOG = LoggerFactory.getLogger(TicketDesk.class);

    private final Vertx vertx;
    private final TicketStore store;
    private final TicketRecorder recorder;
    private final InstantSource clock;
    private final WaitingRoom room = new WaitingRoom();
    private final AtomicBoolean isPolling = new AtomicBoolean();
    private long timer = -1;
    private int polls;

    public TicketDesk(Vertx vertx, TicketStore store, TicketRecorder recorder, InstantSource clock) {
        this.vertx = vertx;
        this.store = store;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Begins to poll. Call once. */
    public void start(Duration poll) {
        timer = vertx.setPeriodic(poll.toMillis(), ignored -> poll());
    }

    /** Stops polling. Tickets stay as they are in the store. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }

    /** How many clients wait on this node. */
    public int waiting() {
        return room.seatsTaken();
    }

    /** Whether the client of an exchange waits on this node. */
    public boolean isWaiting(ExchangeId exchange) {
        return room.isWaiting(exchange);
    }

    /**
     * Opens a ticket, or joins the one that stands for the same call, or takes over that of another session whose client has left, and waits for
     * its decision. A decision that was made already is there at once. A failed future means that the ticket could not be kept or recorded: the
     * call must not go on.
     *
     * @param maxHeld most clients that may wait on this node
     * @return empty if that many wait already
     */
    public Future<Optional<Waiting>> hold(Ticket draft, int maxHeld) {
        if (!room.takeSeat(maxHeld)) {
            return Future.succeededFuture(Optional.empty());
        }
        WaitingRoom.Arrival arrival = room.arrival(draft.id());
        return store.openOrJoin(draft, arrival)
                .compose(ticket -> recorder.record(ticket.id().equals(draft.id()) ? Event.OPENED : Event.JOINED, ticket)
                        .map(recorded -> Optional.of(seated(ticket, draft))))
                .onComplete(done -> arrival.end())
                .onFailure(failure -> room.giveSeatBack());
    }

    /**
     * A ticket of another call of the same turn, for both of which one leave is enough: of the same session, or of another whose client has left, as
     * that of an agent that was started anew. Empty where there is none, yet.
     */
    public Future<Optional<Ticket>> findOfTurn(Ticket draft) {
        return store.ofTurn(draft.details().turn().digest(), clock.instant())
                .map(found -> found.stream()
                        .filter(ticket -> ticket.coversTurnOf(draft))
                        .filter(ticket -> ticket.session().equals(draft.session()) || !room.isWaitedFor(ticket.id()))
                        .min(Comparator.comparing(ticket -> !ticket.session().equals(draft.session()))));
    }

    /**
     * Waits for the decision on a ticket of another call of the same turn, as {@link #hold} does for its own.
     *
     * @param draft of the call that waits
     */
    public Future<Optional<Waiting>> await(Ticket ofTurn, Ticket draft, int maxHeld) {
        if (!room.takeSeat(maxHeld)) {
            return Future.succeededFuture(Optional.empty());
        }
        return recorder.record(Event.JOINED, ofTurn)
                .map(recorded -> Optional.of(seated(ofTurn, draft)))
                .onFailure(failure -> room.giveSeatBack());
    }

    /**
     * Lets another call of the same turn go on with an approval: each companion once, and the turn's own call once.
     *
     * @return false if it may not: the reviewer has changed the turn, it is too late, or another attempt has gone on
     */
    public Future<Boolean> share(Ticket approved, Ticket draft) {
        AtomicBoolean isShared = new AtomicBoolean();
        return store.amend(approved.id(), ticket -> {
                    isShared.set(ticket.mayBeJoinedBy(draft, clock.instant()));
                    return isShared.get() ? ticket.joinedBy(draft) : ticket;
                })
                .compose(found -> found.isPresent() && isShared.get()
                        ? recorder.record(Event.SHARED, found.get()).map(true)
                        : Future.succeededFuture(false));
    }

    private Waiting seated(Ticket ticket, Ticket draft) {
        Waiting client = room.enter(ticket, draft);
        if (ticket.state() != State.PENDING) {
            room.tell(ticket);
        }
        return client;
    }

    /**
     * Takes an approval for the one call that may use it.
     *
     * @param fingerprint of that call
     * @return false if it was used, lost or never given: the call must not go on
     */
    public Future<Boolean> consume(Ticket approved, String fingerprint) {
        return store.consume(approved.id(), fingerprint, clock.instant())
                .compose(taken -> taken
                        ? recorder.record(Event.CONSUMED, approved.in(State.CONSUMED))
                                .map(true)
                        : Future.succeededFuture(false));
    }

    /** Whether some call has used an approval: false where it was lost or never given. */
    public Future<Boolean> isConsumed(Ticket approved) {
        return store.find(approved.id())
                .map(found -> found.isPresent() && found.get().state() == State.CONSUMED);
    }

    /** Whether the call that has used an approval is of another session than one that waited for it too. */
    public Future<Boolean> isUsedByAnother(Ticket approved, String fingerprint) {
        return store.find(approved.id())
                .map(found -> found.isPresent()
                        && found.get().state() == State.CONSUMED
                        && !found.get().fingerprint().equals(fingerprint));
    }

    /**
     * Lets a person speak who may ({@link Reviewers}).
     *
     * @return the ticket as it now stands, which may be somebody else's earlier decision; empty if there is none
     */
    public Future<Optional<Ticket>> decide(TicketId id, Vote vote) {
        return store.decide(id, vote).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(found);
            }
            Ticket ticket = found.get();
            Event event = ticket.state() == State.PENDING ? Event.VOTED : Event.DECIDED;
            boolean isOurs = ticket.details().votes().contains(vote);
            Future<Void> recorded = isOurs ? recorder.record(event, ticket) : Future.succeededFuture();
            return recorded.map(done -> {
                if (ticket.state() != State.PENDING) {
                    room.tell(ticket);
                }
                return found;
            });
        });
    }

    /** As {@link #decide(TicketId, Vote)}, now. */
    public Future<Optional<Ticket>> decide(TicketId id, State decision, String by, String note) {
        // Every store keeps milliseconds: what comes back must be known again as ours.
        return decide(
                id,
                new Vote(by, decision == State.APPROVED, note, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    private void poll() {
        polls++;
        List<TicketId> asked = room.tickets();
        boolean isSweep = polls % POLLS_PER_SWEEP == 0;
        if ((asked.isEmpty() && !isSweep) || !isPolling.compareAndSet(false, true)) {
            return;
        }
        // What was decided in time was decided before this moment, so that the answers below know of it.
        Instant askedAt = clock.instant();
        hear(asked)
                .compose(heard -> store.expire(askedAt))
                .onSuccess(ended -> ended.forEach(ticket ->
                        tell(ticket.state() == State.EXPIRED ? Event.EXPIRED : Event.APPROVED_BY_TIMEOUT, ticket)))
                .onFailure(failure -> LOG.warn("could not ask the store for decisions: {}", failure.getMessage()))
                .onComplete(done -> {
                    endOverdue(askedAt);
                    isPolling.set(false);
                });
    }

    private Future<List<Object>> hear(List<TicketId> asked) {
        List<Future<Object>> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i += TicketStore.MAX_IDS) {
            List<TicketId> some = asked.subList(i, Math.min(asked.size(), i + TicketStore.MAX_IDS));
            answers.add(store.decidedAmong(some).map(decided -> {
                decided.forEach(ticket -> tell(Event.HEARD, ticket));
                return decided;
            }));
        }
        return Future.join(answers).map(all -> all.<Object>list());
    }

    private void tell(Event event, Ticket ticket) {
        // The record of what the decision leads to (the approval consumed, the call denied) is what must not be
        // missing; this one may.
        recorder.record(event, ticket)
                .onFailure(failure -> LOG.warn("could not record {} of {}: {}", event, ticket, failure.getMessage()));
        room.tell(ticket);
    }

    /** With the store away a deadline still ends the wait: nobody approved in time as far as can be known. */
    private void endOverdue(Instant askedAt) {
        room.overdue(askedAt).forEach(ticket -> room.tell(ticket.in(State.EXPIRED)));
    }
}
