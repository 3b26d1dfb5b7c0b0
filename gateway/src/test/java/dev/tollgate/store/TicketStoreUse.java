package dev.tollgate.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.approval.Tickets;
import dev.tollgate.approval.Vote;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** A store of tickets under test, and how the tests ask it. */
interface TicketStoreUse {
    Instant NOW = Tickets.NOW;
    Instant IN_TIME = NOW.plusSeconds(10);
    Instant TOO_LATE = NOW.plus(Tickets.WAIT);
    /** How many ask at once. */
    int CROWD = 24;

    /** The store under test, empty at first, the same for the whole test. */
    TicketStore store();

    @CanIgnoreReturnValue
    default Ticket opened(String id, String fingerprint) throws Exception {
        return await(store().openOrJoin(Tickets.pending(id, fingerprint)));
    }

    @CanIgnoreReturnValue
    default Ticket decided(String id, State decision, String by) throws Exception {
        return await(store().decide(new TicketId(id), vote(by, decision == State.APPROVED, "", IN_TIME)))
                .orElseThrow();
    }

    static Vote vote(String by, boolean approves, String note, Instant at) {
        return new Vote(by, approves, note, at);
    }

    static List<String> ids(Future<List<Ticket>> tickets) throws Exception {
        return await(tickets).stream().map(ticket -> ticket.id().value()).toList();
    }

    /** Asks many times without waiting for the answers in between. */
    @CanIgnoreReturnValue
    static <T> List<T> together(IntFunction<Future<T>> question) throws Exception {
        List<Future<T>> asked = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            asked.add(question.apply(i));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : asked) {
            answers.add(await(answer));
        }
        return answers;
    }

    @CanIgnoreReturnValue
    static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
