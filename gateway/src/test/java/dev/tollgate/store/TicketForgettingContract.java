package dev.tollgate.store;

import static dev.tollgate.store.TicketStoreUse.await;
import static dev.tollgate.store.TicketStoreUse.together;
import static dev.tollgate.store.TicketStoreUse.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Tickets;
import dev.tollgate.value.TicketId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store of tickets lets go when it is told to. */
interface TicketForgettingContract extends TicketStoreUse {
    @Test
    default void forget_takesWhatIsOver_andNothingThatIsOpenOrCanBeUsed() throws Exception {
        for (String id : List.of("DENIED", "USED", "LOST", "EXPIRED", "PENDING")) {
            opened(id, id);
        }
        decided("DENIED", State.DENIED, "ann");
        decided("USED", State.APPROVED, "ann");
        decided("LOST", State.APPROVED, "ann");
        assertThat(await(store().consume(new TicketId("USED"), "f1", IN_TIME))).isTrue();
        // Past its deadline, and nobody has looked: it is ended before it goes.
        Instant end = TOO_LATE.plus(Ticket.APPROVAL_LASTS).plusSeconds(1);
        await(store().openOrJoin(Tickets.pending("GOOD", "good", end)));
        await(store().decide(new TicketId("GOOD"), vote("ann", true, "", end.plusSeconds(1))));
        Ticket expired = await(store().find(new TicketId("EXPIRED"))).orElseThrow();
        await(store().amend(expired.id(), ticket -> ticket.timedOut(TOO_LATE)));

        assertThat(await(store().forget(NOW))).as("none is that old").isZero();
        assertThat(await(store().forget(end.plusSeconds(2)))).isEqualTo(4);
        assertThat(await(store().forget(end.plusSeconds(2)))).isZero();

        assertThat(await(store().find(new TicketId("PENDING")))).isPresent();
        assertThat(await(store().find(new TicketId("GOOD")))).isPresent();
        for (String gone : List.of("DENIED", "USED", "LOST", "EXPIRED")) {
            assertThat(await(store().find(new TicketId(gone)))).as(gone).isEmpty();
        }
        assertThat(await(store().consume(new TicketId("GOOD"), "f1", end.plusSeconds(3))))
                .isTrue();
    }

    @Test
    default void forget_byManyAtOnce_takesEachTicketOnce() throws Exception {
        for (int i = 0; i < CROWD; i++) {
            opened("A" + i, "f" + i);
            decided("A" + i, State.DENIED, "ann");
        }

        List<Integer> taken = together(i -> store().forget(TOO_LATE.plus(Ticket.DENIAL_LASTS)));

        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(CROWD);
        assertThat(await(store().list(State.DENIED, CROWD))).isEmpty();
    }
}
