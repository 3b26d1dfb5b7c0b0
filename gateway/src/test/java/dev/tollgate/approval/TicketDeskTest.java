package dev.tollgate.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketRecorder.Event;
import dev.tollgate.store.memory.MemoryTicketStore;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.TicketId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class TicketDeskTest {
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int MANY = 100;

    private final Vertx vertx = Vertx.vertx();
    private final MemoryTicketStore store = new MemoryTicketStore();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile Instant now = Tickets.NOW;
    private volatile boolean isRecording = true;
    private volatile Consumer<String> onEvent = event -> {};
    private final TicketDesk desk = new TicketDesk(vertx, store, this::record, () -> now);

    @AfterEach
    void close() throws Exception {
        desk.close();
        await(vertx.close());
    }

    @Test
    void hold_newCall_opensATicketAndWaits() throws Exception {
        Waiting client = hold("A1", "f1");

        assertThat(client.ticket().state()).isEqualTo(State.PENDING);
        assertThat(client.decision().isComplete()).isFalse();
        assertThat(desk.waiting()).isEqualTo(1);
        assertThat(events).containsExactly("OPENED A1");
    }

    @Test
    void decide_atThisDesk_wakesEveryWaiterAtOnce() throws Exception {
        Waiting first = hold("A1", "f1");
        Waiting retry = hold("A2", "f1");

        Optional<Ticket> decided = await(desk.decide(new TicketId("A1"), State.APPROVED, "ann", "fine"));

        assertThat(retry.ticket().id()).isEqualTo(new TicketId("A1"));
        assertThat(await(first.decision())).isEqualTo(decided.orElseThrow()).isEqualTo(await(retry.decision()));
        assertThat(decided.orElseThrow().decidedBy()).isEqualTo("ann");
        assertThat(events).containsExactly("OPENED A1", "JOINED A1", "DECIDED A1");
        assertThat(desk.waiting()).isZero();
    }

    @Test
    void decide_madeElsewhere_isHeardByPolling() throws Exception {
        Waiting client = hold("A1", "f1");
        desk.start(POLL);

        assertThat(await(store.decide(new TicketId("A1"), new Vote("cli", false, "no", now))))
                .isPresent();

        assertThat(await(client.decision()).state()).isEqualTo(State.DENIED);
        assertThat(events).containsExactly("OPENED A1", "HEARD A1");
    }

    @Test
    void decide_secondTime_keepsTheFirstDecision() throws Exception {
        hold("A1", "f1").leave();
        assertThat(await(desk.decide(new TicketId("A1"), State.DENIED, "ann", "")))
                .isPresent();

        Optional<Ticket> second = await(desk.decide(new TicketId("A1"), State.APPROVED, "bob", ""));

        assertThat(second.orElseThrow().state()).isEqualTo(State.DENIED);
        assertThat(second.orElseThrow().decidedBy()).isEqualTo("ann");
        assertThat(events).containsExactly("OPENED A1", "DECIDED A1");
        assertThat(await(desk.decide(new TicketId("A9"), State.APPROVED, "bob", "")))
                .isEmpty();
    }

    @Test
    void decision_always_arrivesOnTheWaitersContext() throws Exception {
        Context context = vertx.getOrCreateContext();
        Promise<Boolean> isOnContext = Promise.promise();
        Promise<Void> isSeated = Promise.promise();
        context.runOnContext(ignored -> desk.hold(Tickets.pending("A1", "f1"), MANY)
                .onSuccess(seat -> {
                    seat.orElseThrow()
                            .decision()
                            .onSuccess(decided -> isOnContext.complete(context.equals(Vertx.currentContext())));
                    isSeated.complete();
                }));
        await(isSeated.future());

        assertThat(await(desk.decide(new TicketId("A1"), State.APPROVED, "ann", "")))
                .isPresent();

        assertThat(await(isOnContext.future())).isTrue();
    }

    @Test
    void leave_waitingClient_freesItsSeatAndKeepsTheTicket() throws Exception {
        Waiting client = hold("A1", "f1");

        client.leave();
        client.leave();

        assertThat(desk.waiting()).isZero();
        assertThat(await(store.find(new TicketId("A1"))).orElseThrow().state()).isEqualTo(State.PENDING);
        assertThat(hold("A2", "f1").ticket().id()).isEqualTo(new TicketId("A1"));
    }

    @Test
    void hold_decidedMeanwhile_isAnsweredAtOnce() throws Exception {
        hold("A1", "f1").leave();
        assertThat(await(desk.decide(new TicketId("A1"), State.APPROVED, "ann", "")))
                .isPresent();
        now = now.plus(Ticket.APPROVAL_LASTS).minusSeconds(1);

        Waiting back = hold("A2", "f1");

        assertThat(await(back.decision()).state()).isEqualTo(State.APPROVED);
        assertThat(desk.waiting()).isZero();
    }

    @Test
    void hold_beyondTheLimit_isRefused() throws Exception {
        assertThat(await(desk.hold(Tickets.pending("A1", "f1"), 1))).isPresent();
        assertThat(await(desk.hold(Tickets.pending("A2", "f2"), 1))).isEmpty();
        assertThat(await(store.find(new TicketId("A2")))).isEmpty();
    }

    @Test
    void hold_storeAway_failsAndFreesTheSeat() {
        store.setAway(true);

        assertThat(desk.hold(Tickets.pending("A1", "f1"), MANY).failed()).isTrue();
        assertThat(desk.waiting()).isZero();
    }

    @Test
    void hold_notRecorded_failsAndFreesTheSeat() {
        isRecording = false;

        assertThat(desk.hold(Tickets.pending("A1", "f1"), MANY).failed()).isTrue();
        assertThat(desk.waiting()).isZero();
    }

    @Test
    void hold_sameCallOfAnotherSession_takesTheTicketOver_onceItsClientHasLeft() throws Exception {
        Waiting first = holdOfAnySession("A1", "f1");
        Waiting beside = holdOfAnySession("A2", "f2");
        first.leave();
        Waiting anew = holdOfAnySession("A3", "f3");

        assertThat(beside.ticket().id()).as("somebody waits").isEqualTo(new TicketId("A2"));
        assertThat(anew.ticket().id()).isEqualTo(new TicketId("A1"));
        assertThat(events).containsExactly("OPENED A1", "OPENED A2", "JOINED A1");
        assertThat(desk.isWaiting(new ExchangeId("exchange-of-A3"))).isTrue();
        assertThat(desk.isWaiting(new ExchangeId("exchange-of-A1"))).isFalse();

        var unused = await(desk.decide(new TicketId("A1"), State.APPROVED, "ann", ""));
        Ticket approved = await(anew.decision());
        assertThat(await(desk.consume(approved, "f3"))).isTrue();
        assertThat(await(desk.isUsedByAnother(approved, "f3"))).isFalse();
        assertThat(await(desk.isUsedByAnother(approved, "f1"))).isTrue();
        assertThat(await(desk.isUsedByAnother(beside.ticket(), "f1")))
                .as("not used")
                .isFalse();
    }

    @Test
    void hold_sameCallOfAnotherSession_keepsOffWhatAClientIsAboutToWaitFor() throws Exception {
        List<Future<Optional<Waiting>>> between = new CopyOnWriteArrayList<>();
        onEvent = event -> {
            if (event.equals("OPENED A1")) {
                between.add(desk.hold(ofAnySession("A2", "f2"), MANY));
            } else if (event.equals("JOINED A1")) {
                between.add(desk.hold(ofAnySession("A4", "f4"), MANY));
            }
        };
        Waiting first = holdOfAnySession("A1", "f1");
        assertThat(await(between.getFirst()).orElseThrow().ticket().id())
                .as("it was not recorded yet")
                .isEqualTo(new TicketId("A2"));
        first.leave();

        assertThat(holdOfAnySession("A3", "f3").ticket().id()).isEqualTo(new TicketId("A1"));
        assertThat(await(between.getLast()).orElseThrow().ticket().id())
                .as("it was just taken over")
                .isEqualTo(new TicketId("A4"));
    }

    @Test
    void hold_thatFails_leavesItsTicketToOthers() throws Exception {
        isRecording = false;
        assertThat(desk.hold(ofAnySession("A1", "f1"), MANY).failed()).isTrue();
        isRecording = true;

        assertThat(holdOfAnySession("A2", "f2").ticket().id()).isEqualTo(new TicketId("A1"));
    }

    @Test
    void consume_approved_isTrueOnceAndRecorded() throws Exception {
        Ticket approved = approved("A1");

        assertThat(await(desk.consume(approved, approved.fingerprint()))).isTrue();
        assertThat(await(desk.consume(approved, approved.fingerprint()))).isFalse();
        assertThat(events).containsExactly("OPENED A1", "DECIDED A1", "CONSUMED A1");
    }

    @Test
    void consume_notRecorded_fails() throws Exception {
        Ticket approved = approved("A1");
        isRecording = false;

        assertThat(desk.consume(approved, approved.fingerprint()).failed()).isTrue();
    }

    @Test
    void consume_afterTheApprovalIsLost_isFalse() throws Exception {
        Ticket approved = approved("A1");
        now = now.plus(Ticket.APPROVAL_LASTS);

        assertThat(await(desk.consume(approved, approved.fingerprint()))).isFalse();
    }

    @Test
    void deadline_passing_expiresTheTicket() throws Exception {
        Waiting client = hold("A1", "f1");
        now = now.plus(Tickets.WAIT);
        desk.start(POLL);

        assertThat(await(client.decision()).state()).isEqualTo(State.EXPIRED);
        assertThat(await(store.find(new TicketId("A1"))).orElseThrow().state()).isEqualTo(State.EXPIRED);
        assertThat(events).containsExactly("OPENED A1", "EXPIRED A1");
    }

    @Test
    void deadline_passingWithTheStoreAway_endsTheWait() throws Exception {
        Waiting client = hold("A1", "f1");
        now = now.plus(Tickets.WAIT);
        store.setAway(true);
        desk.start(POLL);

        assertThat(await(client.decision()).state()).isEqualTo(State.EXPIRED);
        assertThat(desk.waiting()).isZero();
    }

    @Test
    void deadline_passingWithNobodyWaiting_expiresTheTicketToo() throws Exception {
        hold("A1", "f1").leave();
        Promise<Void> isExpired = Promise.promise();
        onEvent = event -> {
            if (event.equals("EXPIRED A1")) {
                isExpired.tryComplete();
            }
        };
        now = now.plus(Tickets.WAIT);
        desk.start(POLL);

        await(isExpired.future());

        assertThat(await(store.find(new TicketId("A1"))).orElseThrow().state()).isEqualTo(State.EXPIRED);
    }

    @Test
    void poll_storeBackAgain_goesOn() throws Exception {
        Waiting client = hold("A1", "f1");
        store.setAway(true);
        desk.start(POLL);
        Promise<Void> some = Promise.promise();
        vertx.setTimer(POLL.toMillis() * 4, ignored -> some.complete());
        await(some.future());

        store.setAway(false);
        assertThat(await(store.decide(new TicketId("A1"), new Vote("cli", true, "", now))))
                .isPresent();

        assertThat(await(client.decision()).state()).isEqualTo(State.APPROVED);
    }

    private Ticket approved(String id) throws Exception {
        hold(id, "f1").leave();
        return await(desk.decide(new TicketId(id), State.APPROVED, "ann", "")).orElseThrow();
    }

    private Waiting hold(String id, String fingerprint) throws Exception {
        return await(desk.hold(Tickets.pending(id, fingerprint, now), MANY)).orElseThrow();
    }

    private Waiting holdOfAnySession(String id, String fingerprint) throws Exception {
        return await(desk.hold(ofAnySession(id, fingerprint), MANY)).orElseThrow();
    }

    private Ticket ofAnySession(String id, String fingerprint) {
        return Tickets.ofAnySession(Tickets.pending(id, fingerprint, now), "same");
    }

    private Future<Void> record(Event event, Ticket ticket) {
        if (!isRecording) {
            return Future.failedFuture(new IllegalStateException("the journal is away"));
        }
        events.add(event + " " + ticket.id());
        onEvent.accept(event + " " + ticket.id());
        return Future.succeededFuture();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
