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

/** The clients that wait on this node, by ticket. Bounded by the seats that were taken. Safe on any thread. */
final class WaitingRoom {
    private final Map<TicketId, Set<Waiting>> waiting = new ConcurrentHashMap<>();
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

    /** Lets a client with a seat wait. */
    Waiting enter(Ticket ticket, ExchangeId exchange) {
        Waiting client = new Waiting(ticket, exchange, this::leave);
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

    boolean isWaitedFor(TicketId id) {
        return waiting.containsKey(id);
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
