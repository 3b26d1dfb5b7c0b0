package dev.tollgate.store;

import static dev.tollgate.store.TicketStoreUse.await;
import static dev.tollgate.store.TicketStoreUse.together;
import static dev.tollgate.store.TicketStoreUse.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Terms;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Tickets;
import dev.tollgate.approval.Vote;
import dev.tollgate.value.TicketId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store of tickets does where several people must agree, or nobody was there in time. */
interface TicketTermsContract extends TicketStoreUse {
    @Test
    default void decide_quorumOfTwo_needsTwoPeople() throws Exception {
        await(store().openOrJoin(Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of(), 2, List.of(), false))));

        assertThat(decided("A1", State.APPROVED, "ann").state()).isEqualTo(State.PENDING);
        assertThat(decided("A1", State.APPROVED, "ann").details().votes()).hasSize(1);
        Ticket approved = decided("A1", State.APPROVED, "bob");

        assertThat(approved.state()).isEqualTo(State.APPROVED);
        assertThat(approved.details().votes()).extracting(Vote::by).containsExactly("ann", "bob");
        assertThat(await(store().find(approved.id()))).contains(approved);
    }

    @Test
    default void decide_quorumByManyAtOnce_losesNoVote() throws Exception {
        Terms all = new Terms(List.of(), CROWD, List.of(), false);
        await(store().openOrJoin(Tickets.with(Tickets.pending("A1", "f1"), all)));

        together(i -> store().decide(new TicketId("A1"), vote("reviewer-" + i, true, "", IN_TIME)));

        Ticket ticket = await(store().find(new TicketId("A1"))).orElseThrow();
        assertThat(ticket.details().approvals()).isEqualTo(CROWD);
        assertThat(ticket.state()).isEqualTo(State.APPROVED);
    }

    @Test
    default void decide_firstDenial_denies() throws Exception {
        await(store().openOrJoin(Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of(), 3, List.of(), false))));
        decided("A1", State.APPROVED, "ann");

        Ticket denied = decided("A1", State.DENIED, "bob");

        assertThat(denied.state()).isEqualTo(State.DENIED);
        assertThat(denied.decidedBy()).isEqualTo("bob");
    }

    @Test
    default void expire_ticketThatApprovesOnTimeout_isApprovedAndStands() throws Exception {
        Ticket ticket = Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of(), 1, List.of(), true));
        await(store().openOrJoin(ticket));

        assertThat(await(store().expire(TOO_LATE))).containsExactly(ticket.timedOut(TOO_LATE));

        assertThat(await(store().openOrJoin(Tickets.pending("A2", "f1", TOO_LATE)))
                        .decidedBy())
                .isEqualTo(Ticket.BY_TIMEOUT);
        assertThat(await(store().consume(ticket.id(), ticket.fingerprint(), TOO_LATE)))
                .isTrue();
    }
}
