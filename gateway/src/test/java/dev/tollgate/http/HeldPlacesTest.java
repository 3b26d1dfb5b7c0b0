package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.MemoryGateway.Shared;
import dev.tollgate.RawClient;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.store.memory.MemoryKeptReplies;
import dev.tollgate.store.memory.MemoryTicketStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that wait for a person, and those that do not, on a node that takes on little. */
class HeldPlacesTest {
    private static final int OPEN = 2;
    private static final int MAX_HELD = 5;
    private static final Call HELD = Call.OPENAI_CHAT;
    private static final Call ORDINARY = Call.ANTHROPIC;
    private static final String POLICY = GatewayFixture.providers() + """
        server: {limits: {open: 2}}
        approval:
          quiet: 10m
          patience: 30d
          max_held: 5
          holds: [{id: ask, when: "provider == 'openai'", reason: a person decides, deadline: 1h}]
        """;

    private final CountDownLatch answering = new CountDownLatch(1);
    private final GatewayFixture gateway = new GatewayFixture(POLICY);
    private final List<CompletableFuture<Answer>> held = new ArrayList<>();

    HeldPlacesTest() throws Exception {
        gateway.provider.on("slow", turn -> {
            answering.await(30, TimeUnit.SECONDS);
            turn.json(200, COMPLETION);
        });
    }

    @AfterEach
    void stop() throws Exception {
        answering.countDown();
        gateway.assertNothingLeft();
        gateway.close();
    }

    @Test
    void asManyWait_asMaxHeldSays_andOrdinaryCallsPass() throws Exception {
        holdAsManyAsMayBe();

        Answer ordinary = gateway.post(ORDINARY.path, ORDINARY.body("hello"));
        Answer beyond = gateway.post(HELD.path, HELD.body("one too many"));

        assertThat(ordinary.status()).isEqualTo(200);
        assertThat(beyond.status()).isEqualTo(503);
        assertThat(beyond.body()).contains("max_held").doesNotContain("under way");
        decideAll(State.DENIED);
        for (CompletableFuture<Answer> one : held) {
            assertThat(get(one).status()).isEqualTo(400);
        }
    }

    /** Thousands may come before the store has kept the first ticket. */
    @Test
    void callsWhoseTicketsAreNotKeptYet_takeNoPlacesOfOthers() throws Exception {
        Promise<Void> kept = Promise.promise();
        MemoryTicketStore tickets = new MemoryTicketStore();
        TicketStore slow = (TicketStore) Proxy.newProxyInstance(
                TicketStore.class.getClassLoader(), new Class<?>[] {TicketStore.class}, (self, method, arguments) -> {
                    Future<?> answer = (Future<?>) method.invoke(tickets, arguments);
                    return method.getName().equals("openOrJoin") ? kept.future().compose(done -> answer) : answer;
                });
        try (GatewayFixture node = new GatewayFixture(POLICY, new Shared(slow, new MemoryKeptReplies(), null))) {
            List<CompletableFuture<Answer>> asked = new ArrayList<>();
            for (int i = 1; i <= MAX_HELD; i++) {
                asked.add(ask(node, "question " + i));
                for (int j = 0; j < 4000 && node.gateway.desk.waiting() < i; j++) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }

            assertThat(node.gateway.desk.waiting()).isEqualTo(MAX_HELD);
            assertThat(node.post(ORDINARY.path, ORDINARY.body("hello")).status())
                    .isEqualTo(200);
            kept.complete();
            for (Ticket ticket : tickets.list(State.PENDING, 100).await()) {
                var unused = node.gateway
                        .desk
                        .decide(ticket.id(), State.DENIED, "alice", "")
                        .await(10, TimeUnit.SECONDS);
            }
            for (CompletableFuture<Answer> one : asked) {
                assertThat(get(one).status()).isEqualTo(400);
            }
            node.assertNothingLeft();
        }
    }

    @Test
    void approvedTogether_goOnInTurn_andOrdinaryCallsStillPass() throws Exception {
        holdAsManyAsMayBe();

        decideAll(State.APPROVED);
        awaitBodies(OPEN);
        Answer ordinary = gateway.post(ORDINARY.path, ORDINARY.body("hello"));

        assertThat(ordinary.status()).isEqualTo(200);
        assertThat(gateway.provider.bodies).as("at the provider at once").hasSize(OPEN + 1);
        assertThat(tickets(State.APPROVED)).as("not used before its turn").hasSize(MAX_HELD - OPEN);
        answering.countDown();
        for (CompletableFuture<Answer> one : held) {
            assertThat(get(one).body()).isEqualTo(COMPLETION);
        }
        assertThat(gateway.provider.bodies).hasSize(MAX_HELD + 1);
    }

    @Test
    void clientThatLeavesTheLine_canComeBackForItsApproval() throws Exception {
        for (int i = 0; i < OPEN; i++) {
            hold("question " + i);
        }
        try (RawClient leaving = new RawClient(gateway.gateway.port)) {
            String body = HELD.body("leaves");
            leaving.write("POST " + HELD.path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + gateway.gateway.key
                    + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            awaitTickets(OPEN + 1);
            for (Ticket ticket : tickets(State.PENDING)) {
                if (!ticket.summary().contains("leaves")) {
                    decide(ticket, State.APPROVED);
                }
            }
            awaitBodies(OPEN);
            decideAll(State.APPROVED);
        }
        awaitOpen(OPEN);
        assertThat(tickets(State.APPROVED)).hasSize(1);
        answering.countDown();
        for (CompletableFuture<Answer> one : held) {
            assertThat(get(one).body()).isEqualTo(COMPLETION);
        }

        assertThat(gateway.post(HELD.path, HELD.body("leaves")).body()).isEqualTo(COMPLETION);
        assertThat(gateway.provider.bodies).hasSize(OPEN + 1);
    }

    /** Before it is known that they wait for a person, they are calls under way, and more than may be. */
    @Test
    void moreThanMayBeUnderWay_comingAtOnce_areAllHeld() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_HELD; i++) {
                RawClient client = new RawClient(gateway.gateway.port);
                clients.add(client);
                client.write(
                        "POST " + HELD.path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + gateway.gateway.key
                                + "\r\ncontent-type: application/json\r\ncontent-length: "
                                + HELD.body("number " + i).length() + "\r\n\r\n");
            }
            for (int i = 0; i < 4000 && gateway.gateway.queuedCalls() < MAX_HELD - OPEN; i++) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            for (int i = 0; i < MAX_HELD; i++) {
                clients.get(i).write(HELD.body("number " + i));
            }

            awaitTickets(MAX_HELD);
            decideAll(State.DENIED);
            for (RawClient client : clients) {
                assertThat(client.readUntil("was not approved")).contains(" 400 ");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private void holdAsManyAsMayBe() throws Exception {
        for (int i = 0; i < MAX_HELD; i++) {
            hold("question " + i);
        }
    }

    private void hold(String text) throws Exception {
        held.add(ask(gateway, text));
        awaitTickets(held.size());
    }

    private static CompletableFuture<Answer> ask(GatewayFixture node, String text) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return node.post(HELD.path, HELD.body(text), "x-script", "slow");
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private void awaitTickets(int count) throws Exception {
        // A call has its seat before the store has kept its ticket.
        HeldTickets.awaitWaiting(gateway, count);
        HeldTickets.awaitPending(gateway, count);
    }

    private void awaitBodies(int count) throws Exception {
        for (int i = 0; i < 4000 && gateway.provider.bodies.size() < count; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(gateway.provider.bodies).hasSize(count);
    }

    private void awaitOpen(int count) throws Exception {
        for (int i = 0; i < 4000 && gateway.gateway.openExchanges() > count; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(gateway.gateway.openExchanges()).isEqualTo(count);
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    private List<Ticket> tickets(State state) throws Exception {
        return gateway.gateway.tickets.list(state, 100).await(10, TimeUnit.SECONDS);
    }

    private void decideAll(State decision) throws Exception {
        for (Ticket ticket : tickets(State.PENDING)) {
            decide(ticket, decision);
        }
    }

    private void decide(Ticket ticket, State decision) throws Exception {
        var unused =
                gateway.gateway.desk.decide(ticket.id(), decision, "alice", "").await(10, TimeUnit.SECONDS);
    }
}
