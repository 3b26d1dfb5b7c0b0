package dev.tollgate.approval;

import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.TicketId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The clients that wait on this node, by ticket. Bounded by the seats that were taken. Safe on any thread. */
final class WaitingRoom {
    private final Map<TicketId, Set<Waiting>> waiting = new ConcurrentHashMap<>();
    /** Tickets that clients are about to wait for. */
    private final Set<TicketId> awaited = ConcurrentHashMap.newKeySet();

    private final AtomicInteger seats = new AtomicInteger();

    /** Takes a seat if there is one left of {@code max}. */
    boolean takeSeat(int max) {
        if (seats.incrementAndGet() <= max) {
            return true;
        }
        seats.decrementAndGet();
        return false;
    }

    void giveSeatBack() {
        seats.decrementAndGet();
    }

    int seatsTaken() {
        return seats.get();
    }

    /**
     * A client on its way to its ticket, the one that it opens or one that it takes over because nobody waits for it: until it waits, others keep
     * off that too.
     */
    final class Arrival implements Predicate<Ticket> {
        private final Set<TicketId> claimed = ConcurrentHashMap.newKeySet();

        private Arrival(TicketId opened) {
            // It has a name that nobody else has.
            awaited.add(opened);
            claimed.add(opened);
        }

        @Override
        public boolean test(Ticket other) {
            return claimed.contains(other.id()) || claim(other.id());
        }

        private boolean claim(TicketId id) {
            if (!awaited.add(id)) {
                return false;
            }
            // Asked behind the claim: who had it before waits by now, or has left.
            if (isWaitedFor(id)) {
                awaited.remove(id);
                return false;
            }
            return claimed.add(id);
        }

        /** It waits, or does not come. */
        void end() {
            awaited.removeAll(claimed);
        }
    }

    /** @param opened the ticket that it opens where it finds none */
    Arrival arrival(TicketId opened) {
        return new Arrival(opened);
    }

    /** Whether a client waits whose call the ticket is for: others of the turn go where it goes. */
    boolean isWaitedFor(TicketId id) {
        Set<Waiting> clients = waiting.get(id);
        return clients != null && clients.stream().anyMatch(Waiting::isOwn);
    }

    /** Lets a client with a seat wait for a ticket: that of its call, or of another one of the same turn. */
    Waiting enter(Ticket ticket, Ticket draft) {
        boolean isOwn = ticket.fingerprint().equals(draft.fingerprint());
        Waiting client = new Waiting(ticket, draft.exchange(), isOwn, this::leave);
        waiting.compute(ticket.id(), (id, others) -> {
            Set<Waiting> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(client);
            return all;
        });
        return client;
    }

    private void leave(Waiting client) {
        waiting.computeIfPresent(client.ticket().id(), (id, others) -> {
            if (others.remove(client)) {
                seats.decrementAndGet();
            }
            return others.isEmpty() ? null : others;
        });
    }

    /** Tells everybody who waits for this ticket and frees their seats. */
    void tell(Ticket decided) {
        Set<Waiting> clients = waiting.remove(decided.id());
        if (clients != null) {
            seats.addAndGet(-clients.size());
            clients.forEach(client -> client.decided(decided));
        }
    }

    boolean isWaiting(ExchangeId exchange) {
        return waiting.values().stream()
                .flatMap(Set::stream)
                .anyMatch(client -> client.exchange().equals(exchange));
    }

    List<TicketId> tickets() {
        return List.copyOf(waiting.keySet());
    }

    /** Tickets whose deadline has passed, as their clients saw them. */
    List<Ticket> overdue(Instant now) {
        List<Ticket> overdue = new ArrayList<>();
        waiting.values()
                .forEach(clients -> clients.stream()
                        .map(Waiting::ticket)
                        .filter(ticket -> !now.isBefore(ticket.deadline()))
                        .findFirst()
                        .ifPresent(overdue::add));
        return overdue;
    }
}
