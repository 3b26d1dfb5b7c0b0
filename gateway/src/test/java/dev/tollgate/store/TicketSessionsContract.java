package dev.tollgate.store;

import static dev.tollgate.store.TicketStoreUse.await;
import static dev.tollgate.store.TicketStoreUse.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Tickets;
import dev.tollgate.value.TicketId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store of tickets does where the same call is made in another session. */
interface TicketSessionsContract extends TicketStoreUse {
    /** A call that all of these sessions make. */
    private static Ticket same(String id, String session, Instant at) {
        return Tickets.ofAnySession(Tickets.pending(id, session, at), "same");
    }

    private Ticket held(String id, String session, boolean isFree) throws Exception {
        return await(store().openOrJoin(same(id, session, IN_TIME), other -> isFree));
    }

    @Test
    default void open_whereNobodyWaitsForThatOfAnotherSession_takesItOver() throws Exception {
        Ticket first = await(store().openOrJoin(same("A1", "f1", NOW)));

        Ticket taken = held("A2", "f2", true);

        assertThat(taken).isEqualTo(first.passedTo(same("A2", "f2", NOW)));
        assertThat(await(store().find(first.id()))).contains(taken);
        assertThat(await(store().find(new TicketId("A2")))).isEmpty();
        assertThat(held("A3", "f2", false)).as("its retry").isEqualTo(taken);
        assertThat(held("A4", "f1", false).id()).as("not that one's any more").isEqualTo(new TicketId("A4"));
    }

    @Test
    default void open_whereSomebodyWaits_opensAnother() throws Exception {
        await(store().openOrJoin(same("A1", "f1", NOW)));

        Ticket own = held("A2", "f2", false);

        assertThat(own.id()).isEqualTo(new TicketId("A2"));
        assertThat(held("A3", "f2", true)).as("its own, though others are free").isEqualTo(own);
        assertThat(held("A3", "f1", true).id()).isEqualTo(new TicketId("A1"));
    }

    @Test
    default void open_whereOneIsApproved_takesThatOver_andUsesItUnderItsName() throws Exception {
        await(store().openOrJoin(same("A1", "f1", NOW)));
        await(store().openOrJoin(same("A2", "f2", NOW)));
        decided("A2", State.APPROVED, "ann");

        Ticket taken = held("A3", "f3", true);

        assertThat(taken.id()).isEqualTo(new TicketId("A2"));
        assertThat(taken.state()).isEqualTo(State.APPROVED);
        // Its first client was still there, on another node, and was faster.
        assertThat(await(store().consume(taken.id(), "f2", IN_TIME))).isTrue();
        Ticket used = await(store().find(taken.id())).orElseThrow();
        assertThat(used.state()).isEqualTo(State.CONSUMED);
        assertThat(used.fingerprint()).isEqualTo("f2");
        assertThat(held("A4", "f4", true).id()).as("used is used").isEqualTo(new TicketId("A1"));
    }

    @Test
    default void open_whereItWasDenied_isRefusedForAWhile() throws Exception {
        await(store().openOrJoin(same("A1", "f1", NOW)));
        decided("A1", State.DENIED, "ann");

        assertThat(held("A2", "f2", true).state()).isEqualTo(State.DENIED);
        Instant later = IN_TIME.plus(Ticket.DENIAL_LASTS);
        assertThat(await(store().openOrJoin(same("A3", "f3", later), other -> true))
                        .id())
                .isEqualTo(new TicketId("A3"));
    }

    @Test
    default void open_whatIsNotTheSame_isNeverTakenOver() throws Exception {
        Ticket first = same("A1", "f1", NOW);
        await(store().openOrJoin(first));
        await(store().openOrJoin(Tickets.pending("B1", "g1", NOW)));
        List<Ticket> others = List.of(
                Tickets.ofAnySession(same("A2", "f2", IN_TIME), "another"),
                Tickets.ofAnySession(same("A3", "f3", IN_TIME), ""),
                Tickets.with(same("A4", "f4", IN_TIME), new Terms(List.of(), 1, List.of("jane"), false)),
                Tickets.by(same("A5", "f5", IN_TIME), "tester", "core"),
                Tickets.by(same("A6", "f6", IN_TIME), "coder", "search"));

        for (Ticket other : others) {
            assertThat(first.mayPassTo(other)).isFalse();
            assertThat(await(store().openOrJoin(other, free -> true))).isEqualTo(other);
        }
        Ticket late = same("A9", "f9", TOO_LATE);
        assertThat(await(store().openOrJoin(late, free -> true)))
                .as("past its deadline")
                .isEqualTo(late);
    }

    @Test
    default void open_byManySessionsAtOnce_passesToExactlyOne() throws Exception {
        await(store().openOrJoin(same("A1", "f1", NOW)));

        List<Ticket> answers = together(i -> store().openOrJoin(
                        same("B" + i, "g" + i, IN_TIME),
                        other -> other.fingerprint().equals("f1")));

        assertThat(answers).extracting(ticket -> ticket.id().value()).containsOnlyOnce("A1");
        assertThat(answers).extracting(Ticket::fingerprint).doesNotHaveDuplicates();
    }
}
