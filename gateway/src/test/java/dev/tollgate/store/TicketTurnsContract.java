package dev.tollgate.store;

import static dev.tollgate.store.TicketStoreUse.await;
import static dev.tollgate.store.TicketStoreUse.ids;
import static dev.tollgate.store.TicketStoreUse.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Tickets;
import dev.tollgate.value.TicketId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a store of tickets does where calls of one turn share one. */
interface TicketTurnsContract extends TicketStoreUse {
    private static Ticket own(String id, String turn, Instant at) {
        return Tickets.ofTurn(Tickets.pending(id, "f-" + id, at), turn, "");
    }

    @Test
    default void ofTurn_yieldsTheNewestThatAreNotOver_usedOnesToo() throws Exception {
        await(store().openOrJoin(own("A1", "turn", NOW)));
        await(store().openOrJoin(own("A2", "turn", NOW.plusSeconds(1))));
        await(store().openOrJoin(own("B1", "another", NOW)));
        await(store().openOrJoin(Tickets.pending("C1", "f-C1", NOW)));

        assertThat(ids(store().ofTurn("turn", IN_TIME))).containsExactly("A2", "A1");
        decided("A1", State.APPROVED, "ann");
        assertThat(await(store().consume(new TicketId("A1"), "f-A1", IN_TIME))).isTrue();
        assertThat(await(store().ofTurn("turn", IN_TIME)))
                .extracting(Ticket::state)
                .containsExactly(State.PENDING, State.CONSUMED);
        assertThat(ids(store().ofTurn("turn", TOO_LATE.plusSeconds(1)))).containsExactly("A1");
        assertThat(ids(store().ofTurn("turn", TOO_LATE.plus(Ticket.APPROVAL_LASTS))))
                .isEmpty();
        assertThat(ids(store().ofTurn("", IN_TIME))).as("no turn is none").isEmpty();
    }

    @Test
    default void amend_byManyOfOneTurnAtOnce_letsOneJoin() throws Exception {
        await(store().openOrJoin(own("A1", "turn", NOW)));
        decided("A1", State.APPROVED, "ann");
        Ticket companion = Tickets.ofTurn(Tickets.pending("B1", "g1", IN_TIME), "turn", "title");

        var answers = together(i -> {
            AtomicBoolean isIn = new AtomicBoolean();
            return store().amend(new TicketId("A1"), ticket -> {
                        isIn.set(ticket.mayBeJoinedBy(companion, IN_TIME));
                        return isIn.get() ? ticket.joinedBy(companion) : ticket;
                    })
                    .map(done -> isIn.get());
        });

        assertThat(answers).containsOnlyOnce(true);
        Optional<Ticket> kept = await(store().find(new TicketId("A1")));
        assertThat(kept.orElseThrow().details().turn().joined()).containsExactly("title");
        assertThat(await(store().consume(new TicketId("A1"), "f-A1", IN_TIME)))
                .as("the turn's own call goes on with it too")
                .isTrue();
    }
}
