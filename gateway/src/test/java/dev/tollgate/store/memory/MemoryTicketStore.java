package dev.tollgate.store.memory;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.approval.Tickets;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Tickets of one test: behaves as the real stores do, and can be taken away. */
public final class MemoryTicketStore implements TicketStore {
    private static final Comparator<Ticket> BY_AGE = Comparator.comparing(Ticket::createdAt);

    private final Map<TicketId, Ticket> tickets = new LinkedHashMap<>();
    private boolean isAway;

    /** From now on every question fails, or is answered again. */
    public synchronized void setAway(boolean away) {
        isAway = away;
    }

    @Override
    public Future<Ticket> openOrJoin(Ticket draft, Predicate<Ticket> isFree) {
        return answer(() -> {
            List<Ticket> standing = tickets.values().stream()
                    .filter(ticket -> ticket.standsAt(draft.createdAt()))
                    .toList();
            Ticket inForce = standing.stream()
                    .filter(ticket -> ticket.fingerprint().equals(draft.fingerprint()))
                    .reduce((earlier, later) -> later)
                    .or(() -> standing.stream()
                            .sorted(Comparator.comparing(other -> other.state() != State.APPROVED))
                            .filter(other -> other.mayPassTo(draft) && isFree.test(other))
                            .findFirst()
                            .map(other -> other.passedTo(draft)))
                    .orElse(draft);
            tickets.put(inForce.id(), inForce);
            return inForce;
        });
    }

    @Override
    public Future<Optional<Ticket>> find(TicketId id) {
        return answer(() -> Optional.ofNullable(tickets.get(id)));
    }

    @Override
    public Future<List<Ticket>> ofTurn(String digest, Instant at) {
        return answer(() -> tickets.values().stream()
                .filter(ticket ->
                        !digest.isEmpty() && ticket.details().turn().digest().equals(digest))
                .filter(ticket -> at.isBefore(ticket.deadline()))
                .sorted(BY_AGE.reversed())
                .toList());
    }

    @Override
    public Future<List<Ticket>> list(State state, int limit) {
        return answer(() -> tickets.values().stream()
                .filter(ticket -> ticket.state() == state)
                .sorted(state == State.PENDING ? BY_AGE : BY_AGE.reversed())
                .limit(limit)
                .toList());
    }

    @Override
    public Future<List<Ticket>> waitingForClients(Instant at, int limit) {
        return answer(() -> tickets.values().stream()
                .filter(ticket -> ticket.state() == State.APPROVED && ticket.standsAt(at))
                .sorted(BY_AGE)
                .limit(limit)
                .toList());
    }

    @Override
    public Future<Integer> forget(Instant before) {
        return answer(() -> {
            List<TicketId> over = tickets.values().stream()
                    .filter(ticket ->
                            ticket.state() != State.PENDING && ticket.deadline().isBefore(before))
                    .map(Ticket::id)
                    .limit(MAX_IDS)
                    .toList();
            over.forEach(tickets::remove);
            return over.size();
        });
    }

    @Override
    public Future<Optional<Ticket>> amend(TicketId id, UnaryOperator<Ticket> change) {
        return answer(() -> Optional.ofNullable(tickets.computeIfPresent(id, (same, ticket) -> change.apply(ticket))));
    }

    @Override
    public Future<List<Ticket>> decidedAmong(Collection<TicketId> ids) {
        return answer(() -> tickets.values().stream()
                .filter(ticket -> ids.contains(ticket.id()) && ticket.state() != State.PENDING)
                .toList());
    }

    @Override
    public Future<Boolean> consume(TicketId id, String fingerprint, Instant at) {
        return answer(() -> {
            Ticket ticket = tickets.get(id);
            boolean isTaken = ticket != null && ticket.state() == State.APPROVED && ticket.standsAt(at);
            if (isTaken) {
                tickets.put(
                        id,
                        ticket.passedTo(Tickets.pending(id.value(), fingerprint))
                                .in(State.CONSUMED));
            }
            return isTaken;
        });
    }

    @Override
    public Future<List<Ticket>> expire(Instant now) {
        return answer(() -> {
            List<Ticket> expired = tickets.values().stream()
                    .filter(ticket -> ticket.state() == State.PENDING && !ticket.standsAt(now))
                    .limit(MAX_IDS)
                    .map(ticket -> ticket.timedOut(now))
                    .toList();
            expired.forEach(ticket -> tickets.put(ticket.id(), ticket));
            return expired;
        });
    }

    private synchronized <T> Future<T> answer(Supplier<T> question) {
        return isAway
                ? Future.failedFuture(new IllegalStateException("the store is away"))
                : Future.succeededFuture(question.get());
    }
}
