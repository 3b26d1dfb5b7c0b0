package dev.tollgate.store;

import static dev.tollgate.store.TicketStoreUse.await;
import static dev.tollgate.store.TicketStoreUse.ids;
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
import org.junit.jupiter.api.Timeout;

/** What every {@link dev.tollgate.approval.TicketStore} must do. */
@Timeout(60)
public abstract class TicketStoreContract
        implements TicketTermsContract, TicketForgettingContract, TicketSessionsContract, TicketTurnsContract {
    @Test
    void open_newCall_keepsTheWholeTicket() throws Exception {
        Ticket ticket = Tickets.pending("A1", "f1");

        assertThat(await(store().openOrJoin(ticket))).isEqualTo(ticket);

        assertThat(await(store().find(ticket.id()))).contains(ticket);
        assertThat(await(store().find(new TicketId("A2")))).isEmpty();
    }

    @Test
    void open_withoutEstimate_keepsItWithoutOne() throws Exception {
        Ticket draft = Tickets.unpriced("A1", "f1");

        assertThat(await(store().openOrJoin(draft))).isEqualTo(draft);
        assertThat(await(store().find(draft.id()))).contains(draft);
    }

    @Test
    void open_sameCallPending_joins() throws Exception {
        Ticket first = opened("A1", "f1");

        assertThat(await(store().openOrJoin(Tickets.pending("A2", "f1", IN_TIME))))
                .isEqualTo(first);
        assertThat(await(store().openOrJoin(Tickets.pending("A3", "f2", IN_TIME)))
                        .id())
                .isEqualTo(new TicketId("A3"));
        assertThat(await(store().find(new TicketId("A2")))).isEmpty();
    }

    @Test
    void open_sameCallPastItsDeadline_opensAnew() throws Exception {
        Ticket stale = opened("A1", "f1");
        Ticket fresh = Tickets.pending("A2", "f1", TOO_LATE);

        assertThat(await(store().openOrJoin(fresh))).isEqualTo(fresh);

        assertThat(await(store().expire(TOO_LATE))).extracting(Ticket::id).containsExactly(stale.id());
        assertThat(await(store().openOrJoin(Tickets.pending("A3", "f1", TOO_LATE.plusSeconds(1)))))
                .isEqualTo(fresh);
    }

    @Test
    void open_sameCallApproved_joinsUntilTheApprovalIsLost() throws Exception {
        opened("A1", "f1");
        Ticket approved = decided("A1", State.APPROVED, "ann");

        assertThat(await(store().openOrJoin(Tickets.pending(
                        "A2", "f1", IN_TIME.plus(Ticket.APPROVAL_LASTS).minusSeconds(1)))))
                .isEqualTo(approved);
        assertThat(await(store().openOrJoin(Tickets.pending("A3", "f1", IN_TIME.plus(Ticket.APPROVAL_LASTS))))
                        .id())
                .isEqualTo(new TicketId("A3"));
    }

    @Test
    void open_sameCallDenied_isRefusedForAWhile() throws Exception {
        opened("A1", "f1");
        Ticket denied = decided("A1", State.DENIED, "ann");

        assertThat(await(store().openOrJoin(Tickets.pending(
                        "A2", "f1", IN_TIME.plus(Ticket.DENIAL_LASTS).minusSeconds(1)))))
                .isEqualTo(denied);
        assertThat(await(store().openOrJoin(Tickets.pending("A3", "f1", IN_TIME.plus(Ticket.DENIAL_LASTS))))
                        .id())
                .isEqualTo(new TicketId("A3"));
    }

    @Test
    void open_sameCallUsed_opensAnew() throws Exception {
        opened("A1", "f1");
        decided("A1", State.APPROVED, "ann");
        assertThat(await(store().consume(new TicketId("A1"), "f1", IN_TIME))).isTrue();

        assertThat(await(store().openOrJoin(Tickets.pending("A2", "f1", IN_TIME)))
                        .id())
                .isEqualTo(new TicketId("A2"));
    }

    @Test
    void open_manyAtOnce_allStandAtOneTicket() throws Exception {
        List<Ticket> answers = together(i -> store().openOrJoin(Tickets.pending("A" + i, "f1")));

        assertThat(answers).extracting(Ticket::id).containsOnly(answers.get(0).id());
        assertThat(await(store().list(State.PENDING, CROWD))).hasSize(1);
    }

    @Test
    void open_manyAtOnceOverAStaleTicket_allStandAtOneNewTicket() throws Exception {
        opened("OLD", "f1");

        List<Ticket> answers = together(i -> store().openOrJoin(Tickets.pending("A" + i, "f1", TOO_LATE)));

        assertThat(answers).extracting(Ticket::id).containsOnly(answers.get(0).id());
        assertThat(answers.get(0).id()).isNotEqualTo(new TicketId("OLD"));
    }

    @Test
    void decide_pending_saysWhoWhenAndWhy() throws Exception {
        Ticket ticket = opened("A1", "f1");

        Ticket decided = await(store().decide(ticket.id(), vote("ann", true, "fine by me", IN_TIME)))
                .orElseThrow();

        assertThat(decided).isEqualTo(ticket.voted(vote("ann", true, "fine by me", IN_TIME)));
        assertThat(decided.state()).isEqualTo(State.APPROVED);
        assertThat(decided.decidedBy()).isEqualTo("ann");
        assertThat(decided.note()).isEqualTo("fine by me");
        assertThat(await(store().find(ticket.id()))).contains(decided);
    }

    @Test
    void decide_decidedBefore_isReturnedUnchanged() throws Exception {
        opened("A1", "f1");
        Ticket denied = decided("A1", State.DENIED, "ann");

        assertThat(await(store().decide(denied.id(), vote("bob", true, "", IN_TIME))))
                .contains(denied);
    }

    @Test
    void decide_pastTheDeadline_isExpired() throws Exception {
        Ticket ticket = opened("A1", "f1");

        Ticket answer = await(store().decide(ticket.id(), vote("ann", true, "", TOO_LATE)))
                .orElseThrow();

        assertThat(answer).isEqualTo(ticket.timedOut(TOO_LATE));
        assertThat(await(store().consume(ticket.id(), ticket.fingerprint(), TOO_LATE)))
                .isFalse();
    }

    @Test
    void decide_unknownTicket_isEmpty() throws Exception {
        assertThat(await(store().decide(new TicketId("A1"), vote("ann", false, "", NOW))))
                .isEmpty();
    }

    @Test
    void decide_manyAtOnce_oneDecisionCounts() throws Exception {
        opened("A1", "f1");

        List<Ticket> answers =
                together(i -> store().decide(new TicketId("A1"), vote("reviewer-" + i, i % 2 == 0, "", IN_TIME))
                        .map(found -> found.orElseThrow()));

        assertThat(answers).containsOnly(await(store().find(new TicketId("A1"))).orElseThrow());
    }

    @Test
    void consume_manyAtOnce_isTrueForExactlyOne() throws Exception {
        opened("A1", "f1");
        decided("A1", State.APPROVED, "ann");

        List<Boolean> answers = together(i -> store().consume(new TicketId("A1"), "f1", IN_TIME));

        assertThat(answers).containsOnlyOnce(true);
        assertThat(await(store().find(new TicketId("A1"))).orElseThrow().state())
                .isEqualTo(State.CONSUMED);
    }

    @Test
    void consume_whatWasNotApproved_isFalse() throws Exception {
        opened("A1", "f1");
        opened("A2", "f2");
        decided("A2", State.DENIED, "ann");

        assertThat(await(store().consume(new TicketId("A1"), "f1", IN_TIME))).isFalse();
        assertThat(await(store().consume(new TicketId("A2"), "f1", IN_TIME))).isFalse();
        assertThat(await(store().consume(new TicketId("A3"), "f1", IN_TIME))).isFalse();
    }

    @Test
    void consume_lostApproval_isFalse() throws Exception {
        opened("A1", "f1");
        decided("A1", State.APPROVED, "ann");

        assertThat(await(store().consume(new TicketId("A1"), "f1", IN_TIME.plus(Ticket.APPROVAL_LASTS))))
                .isFalse();
    }

    @Test
    void expire_pastTheDeadline_marksPendingOnesOnce() throws Exception {
        Ticket overdue = opened("A1", "f1");
        opened("A2", "f2");
        decided("A2", State.APPROVED, "ann");
        await(store().openOrJoin(Tickets.pending("A3", "f3", IN_TIME)));

        assertThat(await(store().expire(TOO_LATE.minusMillis(1)))).isEmpty();
        assertThat(await(store().expire(TOO_LATE))).containsExactly(overdue.timedOut(TOO_LATE));
        assertThat(await(store().expire(TOO_LATE))).isEmpty();
        assertThat(await(store().find(overdue.id()))).contains(overdue.timedOut(TOO_LATE));
    }

    @Test
    void open_sameCallThatNobodyDecidedInTime_isToldSoForAWhile() throws Exception {
        opened("A1", "f1");
        Ticket expired = await(store().expire(TOO_LATE)).getFirst();

        Instant soon = TOO_LATE.plus(Ticket.DENIAL_LASTS).minusMillis(1);
        assertThat(await(store().openOrJoin(Tickets.pending("A2", "f1", soon)))).isEqualTo(expired);

        Ticket later = Tickets.pending("A3", "f1", TOO_LATE.plus(Ticket.DENIAL_LASTS));
        assertThat(await(store().openOrJoin(later))).isEqualTo(later);
    }

    @Test
    void expire_byManyAtOnce_yieldsEachTicketToOne() throws Exception {
        for (int i = 0; i < 5; i++) {
            opened("A" + i, "f" + i);
        }

        List<List<Ticket>> answers = together(i -> store().expire(TOO_LATE));

        assertThat(answers.stream()
                        .flatMap(List::stream)
                        .map(ticket -> ticket.id().value()))
                .containsExactlyInAnyOrder("A0", "A1", "A2", "A3", "A4");
    }

    @Test
    void decidedAmong_always_leavesOutPendingAndUnknown() throws Exception {
        opened("A1", "f1");
        opened("A2", "f2");
        opened("A3", "f3");
        Ticket denied = decided("A2", State.DENIED, "ann");
        decided("A3", State.APPROVED, "ann");

        assertThat(await(store().decidedAmong(List.of(new TicketId("A1"), new TicketId("A2"), new TicketId("A9")))))
                .containsExactly(denied);
    }

    @Test
    void waitingForClients_leavesOutWhatWasLostOrUsed_howeverMuchOfIt() throws Exception {
        for (int i = 0; i < CROWD; i++) {
            opened("L" + i, "lost-" + i);
            decided("L" + i, State.APPROVED, "ann");
        }
        Instant later = IN_TIME.plus(Ticket.APPROVAL_LASTS);
        for (String id : List.of("N2", "N1", "USED", "DENIED")) {
            await(store().openOrJoin(Tickets.pending(id, id, later.plusSeconds(id.charAt(1) % 8))));
            await(store().decide(new TicketId(id), vote("ann", !id.equals("DENIED"), "", later.plusSeconds(30))));
        }
        assertThat(await(store().consume(new TicketId("USED"), "f1", later.plusSeconds(40))))
                .isTrue();
        opened("P", "pending");

        assertThat(ids(store().waitingForClients(later.plusSeconds(60), 2))).containsExactly("N1", "N2");
        assertThat(ids(store().waitingForClients(later.plusSeconds(60), 1))).containsExactly("N1");
        assertThat(ids(store().waitingForClients(later.plusSeconds(30).plus(Ticket.APPROVAL_LASTS), 9)))
                .isEmpty();
    }

    @Test
    void list_ofWhatIsOver_isNewestFirst() throws Exception {
        for (int i = 1; i <= 3; i++) {
            await(store().openOrJoin(Tickets.pending("A" + i, "f" + i, NOW.plusSeconds(i))));
            decided("A" + i, State.DENIED, "ann");
        }

        assertThat(ids(store().list(State.DENIED, 2))).containsExactly("A3", "A2");
    }

    @Test
    void list_always_isOldestFirstByStateAndBounded() throws Exception {
        await(store().openOrJoin(Tickets.pending("A2", "f2", NOW.plusSeconds(2))));
        await(store().openOrJoin(Tickets.pending("A3", "f3", NOW.plusSeconds(3))));
        await(store().openOrJoin(Tickets.pending("A1", "f1", NOW.plusSeconds(1))));
        opened("A4", "f4");
        decided("A4", State.DENIED, "ann");

        assertThat(await(store().list(State.PENDING, 2)))
                .extracting(ticket -> ticket.id().value())
                .containsExactly("A1", "A2");
        assertThat(await(store().list(State.DENIED, 2)))
                .extracting(ticket -> ticket.id().value())
                .containsExactly("A4");
    }
}
