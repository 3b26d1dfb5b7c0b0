package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.Terms;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link TicketStore} must do. */
@Timeout(60)
public abstract class TicketStoreContract {
    private static final Instant NOW = Tickets.NOW;
    private static final Instant IN_TIME = NOW.plusSeconds(10);
    private static final Instant TOO_LATE = NOW.plus(Tickets.WAIT);
    private static final int CROWD = 24;

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract TicketStore store();

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
        assertThat(await(store().consume(new TicketId("A1"), IN_TIME))).isTrue();

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
        assertThat(await(store().consume(ticket.id(), TOO_LATE))).isFalse();
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

        List<Boolean> answers = together(i -> store().consume(new TicketId("A1"), IN_TIME));

        assertThat(answers).containsOnlyOnce(true);
        assertThat(await(store().find(new TicketId("A1"))).orElseThrow().state())
                .isEqualTo(State.CONSUMED);
    }

    @Test
    void consume_whatWasNotApproved_isFalse() throws Exception {
        opened("A1", "f1");
        opened("A2", "f2");
        decided("A2", State.DENIED, "ann");

        assertThat(await(store().consume(new TicketId("A1"), IN_TIME))).isFalse();
        assertThat(await(store().consume(new TicketId("A2"), IN_TIME))).isFalse();
        assertThat(await(store().consume(new TicketId("A3"), IN_TIME))).isFalse();
    }

    @Test
    void consume_lostApproval_isFalse() throws Exception {
        opened("A1", "f1");
        decided("A1", State.APPROVED, "ann");

        assertThat(await(store().consume(new TicketId("A1"), IN_TIME.plus(Ticket.APPROVAL_LASTS))))
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
        assertThat(await(store().consume(new TicketId("USED"), later.plusSeconds(40))))
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
    void forget_takesWhatIsOver_andNothingThatIsOpenOrCanBeUsed() throws Exception {
        for (String id : List.of("DENIED", "USED", "LOST", "EXPIRED", "PENDING")) {
            opened(id, id);
        }
        decided("DENIED", State.DENIED, "ann");
        decided("USED", State.APPROVED, "ann");
        decided("LOST", State.APPROVED, "ann");
        assertThat(await(store().consume(new TicketId("USED"), IN_TIME))).isTrue();
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
        assertThat(await(store().consume(new TicketId("GOOD"), end.plusSeconds(3))))
                .isTrue();
    }

    @Test
    void forget_byManyAtOnce_takesEachTicketOnce() throws Exception {
        for (int i = 0; i < CROWD; i++) {
            opened("A" + i, "f" + i);
            decided("A" + i, State.DENIED, "ann");
        }

        List<Integer> taken = together(i -> store().forget(TOO_LATE.plus(Ticket.DENIAL_LASTS)));

        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(CROWD);
        assertThat(await(store().list(State.DENIED, CROWD))).isEmpty();
    }

    private static List<String> ids(Future<List<Ticket>> tickets) throws Exception {
        return await(tickets).stream().map(ticket -> ticket.id().value()).toList();
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

    @Test
    void decide_quorumOfTwo_needsTwoPeople() throws Exception {
        await(store().openOrJoin(Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of(), 2, List.of(), false))));

        assertThat(decided("A1", State.APPROVED, "ann").state()).isEqualTo(State.PENDING);
        assertThat(decided("A1", State.APPROVED, "ann").details().votes()).hasSize(1);
        Ticket approved = decided("A1", State.APPROVED, "bob");

        assertThat(approved.state()).isEqualTo(State.APPROVED);
        assertThat(approved.details().votes()).extracting(Vote::by).containsExactly("ann", "bob");
        assertThat(await(store().find(approved.id()))).contains(approved);
    }

    @Test
    void decide_quorumByManyAtOnce_losesNoVote() throws Exception {
        Terms all = new Terms(List.of(), CROWD, List.of(), false);
        await(store().openOrJoin(Tickets.with(Tickets.pending("A1", "f1"), all)));

        together(i -> store().decide(new TicketId("A1"), vote("reviewer-" + i, true, "", IN_TIME)));

        Ticket ticket = await(store().find(new TicketId("A1"))).orElseThrow();
        assertThat(ticket.details().approvals()).isEqualTo(CROWD);
        assertThat(ticket.state()).isEqualTo(State.APPROVED);
    }

    @Test
    void decide_firstDenial_denies() throws Exception {
        await(store().openOrJoin(Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of(), 3, List.of(), false))));
        decided("A1", State.APPROVED, "ann");

        Ticket denied = decided("A1", State.DENIED, "bob");

        assertThat(denied.state()).isEqualTo(State.DENIED);
        assertThat(denied.decidedBy()).isEqualTo("bob");
    }

    @Test
    void expire_ticketThatApprovesOnTimeout_isApprovedAndStands() throws Exception {
        Ticket ticket = Tickets.with(Tickets.pending("A1", "f1"), new Terms(List.of(), 1, List.of(), true));
        await(store().openOrJoin(ticket));

        assertThat(await(store().expire(TOO_LATE))).containsExactly(ticket.timedOut(TOO_LATE));

        assertThat(await(store().openOrJoin(Tickets.pending("A2", "f1", TOO_LATE)))
                        .decidedBy())
                .isEqualTo(Ticket.BY_TIMEOUT);
        assertThat(await(store().consume(ticket.id(), TOO_LATE))).isTrue();
    }

    private static Vote vote(String by, boolean approves, String note, Instant at) {
        return new Vote(by, approves, note, at);
    }

    @CanIgnoreReturnValue
    private Ticket opened(String id, String fingerprint) throws Exception {
        return await(store().openOrJoin(Tickets.pending(id, fingerprint)));
    }

    @CanIgnoreReturnValue
    private Ticket decided(String id, State decision, String by) throws Exception {
        return await(store().decide(new TicketId(id), vote(by, decision == State.APPROVED, "", IN_TIME)))
                .orElseThrow();
    }

    /** Asks many times without waiting for the answers in between. */
    @CanIgnoreReturnValue
    private static <T> List<T> together(IntFunction<Future<T>> question) throws Exception {
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
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
