package dev.tollgate.http;

import static dev.tollgate.http.HeldTickets.awaitPending;
import static dev.tollgate.http.HeldTickets.awaitWaiting;
import static dev.tollgate.http.HeldTickets.decide;
import static dev.tollgate.http.HeldTickets.pending;
import static dev.tollgate.http.HeldTickets.ticket;
import static dev.tollgate.http.HeldTickets.tickets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.store.mongo.MongoNodes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents that are started anew while a person decides: they make the same call in another session, and a person is asked about it once. */
class HeldAnewTest {
    private static final String POLICY = HeldTickets.POLICY;
    private static final String WITHOUT_TOOLS = POLICY.replace("rm -r", "never");
    private static final Call CALL = Call.ANTHROPIC;

    private final GatewayFixture node = new GatewayFixture(POLICY);

    HeldAnewTest() throws Exception {
        ToolScripts.play(node.provider);
    }

    @AfterEach
    void stop() throws Exception {
        node.assertNothingLeft();
        node.close();
    }

    @Test
    void agentStartedAnew_whileItsCallIsAskedAbout_waitsForTheSameTicket() throws Exception {
        Ticket first;
        try (RawClient leaving = new RawClient(node.gateway.port)) {
            leaving.write(asks(node, "run-1", ""));
            first = ticket(node);
        }
        awaitWaiting(node, 0);

        CompletableFuture<Answer> anew = asking(node, "run-2", "hello");
        awaitWaiting(node, 1);
        assertThat(pending(node)).extracting(Ticket::id).containsExactly(first.id());
        decide(node, first, State.APPROVED);
        Ticket tool = ticket(node);
        assertThat(tool.rule()).isEqualTo("shell");
        decide(node, tool, State.APPROVED);

        assertThat(anew.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
        assertThat(node.provider.bodies).hasSize(1);
        assertThat(tickets(node)).as("asked once about each").hasSize(2);
    }

    @Test
    void agentStartedAnew_whileItsReplyIsAskedAbout_getsThatReply_andTheProviderIsPaidOnce() throws Exception {
        Ticket tool = leaveWithItsReplyHeld("run-1", "");

        CompletableFuture<Answer> anew = asking(node, "run-2", "hello");
        awaitWaiting(node, 1);
        assertThat(pending(node)).extracting(Ticket::id).containsExactly(tool.id());
        decide(node, tool, State.APPROVED);

        assertThat(anew.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
        assertThat(node.provider.bodies).hasSize(1);
        assertThat(tickets(node)).as("asked once about each").hasSize(2);
        assertThat(node.newest().verdicts())
                .anySatisfy(verdict -> assertThat(verdict.code()).isEqualTo("kept_reply"));
        for (String session : List.of("run-1", "run-3")) {
            try (RawClient leaving = new RawClient(node.gateway.port)) {
                leaving.write(asks(node, session, ""));
                assertThat(ticket(node).rule()).as("it has passed to one").isEqualTo("ask");
            }
            awaitWaiting(node, 0);
        }
    }

    @Test
    void agentsBesideEachOther_areAskedAboutEach_andEachCallsTheProvider() throws Exception {
        try (GatewayFixture plain = new GatewayFixture(WITHOUT_TOOLS)) {
            ToolScripts.play(plain.provider);
            CompletableFuture<Answer> one = asking(plain, "run-1", "hello");
            CompletableFuture<Answer> two = asking(plain, "run-2", "hello");
            awaitPending(plain, 2);
            awaitWaiting(plain, 2);
            for (Ticket waiting : pending(plain)) {
                decide(plain, waiting, State.APPROVED);
            }

            assertThat(one.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
            assertThat(two.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
            assertThat(plain.provider.bodies).hasSize(2);
            assertThat(tickets(plain)).hasSize(2);
            plain.assertNothingLeft();
        }
    }

    @Test
    void agentBesideAnother_whoseReplyIsAskedAbout_hasAReplyOfItsOwn() throws Exception {
        CompletableFuture<Answer> one = asking(node, "run-1", "hello");
        decide(node, ticket(node), State.APPROVED);
        awaitCalls(node, 1);
        Ticket tool = ticket(node);
        CompletableFuture<Answer> two = asking(node, "run-2", "hello");
        awaitPending(node, 2);
        assertThat(pending(node)).extracting(Ticket::rule).containsExactlyInAnyOrder("shell", "ask");

        decide(node, tool, State.APPROVED);
        assertThat(one.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
        decide(node, ticket(node), State.APPROVED);
        awaitCalls(node, 2);
        decide(node, ticket(node), State.APPROVED);
        assertThat(two.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
    }

    /** Who may not approve his own call may not have the reply to one that he approved for somebody else. */
    @Test
    void replyOfAnotherUser_isNotPassedOn() throws Exception {
        var unused = leaveWithItsReplyHeld("run-1", "x-tollgate-user: jane\r\n");

        try (RawClient other = new RawClient(node.gateway.port)) {
            other.write(asks(node, "run-2", "x-tollgate-user: joe\r\n"));
            awaitPending(node, 2);
            assertThat(pending(node)).extracting(Ticket::rule).containsExactlyInAnyOrder("shell", "ask");
        }
        awaitWaiting(node, 0);
    }

    /** The same command in another conversation is another thing to agree to. */
    @Test
    void toolCallOfAnotherConversation_isAskedAboutByItself() throws Exception {
        Ticket tool = leaveWithItsReplyHeld("run-1", "");
        decide(node, tool, State.APPROVED);

        CompletableFuture<Answer> other = asking(node, "run-2", "hello, and more");
        decide(node, ticket(node), State.APPROVED);
        awaitCalls(node, 2);
        Ticket second = ticket(node);
        assertThat(second.id()).isNotEqualTo(tool.id());
        assertThat(second.rule()).isEqualTo("shell");
        decide(node, second, State.APPROVED);
        assertThat(other.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
    }

    @Test
    void replyThatWaited_andNeedsNobodyAnyMore_isPassedOnToOne() throws Exception {
        var unused = leaveWithItsReplyHeld("run-1", "");
        node.reload(WITHOUT_TOOLS);
        assertThat(asking(node, "run-2", "hello").get(20, TimeUnit.SECONDS).body())
                .isEqualTo(ToolScripts.whole(CALL));
        node.reload(POLICY);

        try (RawClient again = new RawClient(node.gateway.port)) {
            again.write(asks(node, "run-2", ""));
            awaitPending(node, 2);
            assertThat(pending(node)).extracting(Ticket::rule).containsExactlyInAnyOrder("shell", "ask");
        }
        awaitWaiting(node, 0);
        assertThat(node.provider.bodies).hasSize(1);
    }

    @Test
    void agentStartedAnew_withOtherWords_isAskedAboutByItself() throws Exception {
        try (RawClient leaving = new RawClient(node.gateway.port)) {
            leaving.write(asks(node, "run-1", ""));
            Ticket first = ticket(node);
            CompletableFuture<Answer> anew = asking(node, "run-2", "hello, and more");
            awaitPending(node, 2);
            for (Ticket waiting : pending(node)) {
                decide(node, waiting, State.DENIED);
            }
            assertThat(anew.get(20, TimeUnit.SECONDS).body())
                    .contains("was not approved")
                    .doesNotContain(first.id().value());
        }
        assertThat(node.provider.bodies).isEmpty();
    }

    /** At another moment, on another day, or with its skills in another order, as Gemini CLI lists them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[Sun 2026-11-22 10:15 UTC] hello;[Sun 2026-11-22 10:16 UTC] hello",
                "Current date: 2026-11-22;Current date: 2026-11-23",
                "open one (Available: 'seams', 'hems');open one (Available: 'hems', 'seams')",
            })
    void agentStartedAnew_thatWritesItsTextsAnew_usesTheApproval(String first, String anew) throws Exception {
        try (GatewayFixture plain = new GatewayFixture(WITHOUT_TOOLS.replace("patience: 1m", "patience: 500ms"))) {
            ToolScripts.play(plain.provider);
            assertThat(asking(plain, "run-1", first).get(20, TimeUnit.SECONDS).body())
                    .contains("waits for a person's approval");
            decide(plain, ticket(plain), State.APPROVED);

            assertThat(asking(plain, "run-2", anew + ", and more")
                            .get(20, TimeUnit.SECONDS)
                            .body())
                    .as("something else is asked about by itself")
                    .contains("waits for a person's approval");
            assertThat(asking(plain, "run-2", anew).get(20, TimeUnit.SECONDS).body())
                    .isEqualTo(ToolScripts.whole(CALL));
            assertThat(plain.provider.bodies).hasSize(1);
            assertThat(plain.provider.bodies.getFirst()).contains(anew);
            assertThat(tickets(plain)).hasSize(2);
            plain.assertNothingLeft();
        }
    }

    /** No node knows who waits on another: an approval is used once all the same, and whoever has lost it is asked about anew. */
    @Test
    void agentStartedAnew_onAnotherNode_whileItsFirstClientStillWaits_isServedOnceForEachApproval() throws Exception {
        try (MongoNodes mongo = new MongoNodes();
                GatewayFixture one = new GatewayFixture(WITHOUT_TOOLS, mongo.shared(null));
                GatewayFixture two = new GatewayFixture(WITHOUT_TOOLS, mongo.shared(one.gateway))) {
            ToolScripts.play(one.provider);
            ToolScripts.play(two.provider);
            CompletableFuture<Answer> first = asking(one, "run-1", "hello");
            Ticket shared = ticket(one);
            CompletableFuture<Answer> anew = asking(two, "run-2", "hello");
            awaitPassed(two, shared);

            decide(two, shared, State.APPROVED);
            assertThat(CompletableFuture.anyOf(first, anew).get(20, TimeUnit.SECONDS))
                    .isNotNull();
            Ticket second = ticket(one);
            assertThat(one.provider.bodies.size() + two.provider.bodies.size()).isEqualTo(1);
            decide(one, second, State.APPROVED);

            assertThat(first.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
            assertThat(anew.get(20, TimeUnit.SECONDS).body()).isEqualTo(ToolScripts.whole(CALL));
            assertThat(one.provider.bodies.size() + two.provider.bodies.size()).isEqualTo(2);
            one.assertNothingLeft();
            two.assertNothingLeft();
        }
    }

    /** A call that was approved, and whose client left while its reply is asked about. Yields that ticket. */
    private Ticket leaveWithItsReplyHeld(String session, String head) throws Exception {
        Ticket tool;
        try (RawClient leaving = new RawClient(node.gateway.port)) {
            leaving.write(asks(node, session, head));
            Ticket request = ticket(node);
            decide(node, request, State.APPROVED);
            awaitCalls(node, 1);
            tool = ticket(node);
        }
        awaitWaiting(node, 0);
        assertThat(tool.rule()).isEqualTo("shell");
        return tool;
    }

    private static String asks(GatewayFixture gateway, String session, String head) {
        return ToolScripts.request(gateway, CALL)
                .replace("\r\nx-script", "\r\n" + head + "x-tollgate-session: " + session + "\r\nx-script");
    }

    private static CompletableFuture<Answer> asking(GatewayFixture gateway, String session, String words) {
        return HeldTickets.asking(
                gateway,
                CALL.streamingPath(),
                CALL.streaming(words),
                "x-script",
                ToolScripts.name(CALL, true),
                "x-tollgate-session",
                session);
    }

    private static void awaitCalls(GatewayFixture gateway, int calls) throws Exception {
        for (int i = 0; i < 2000 && gateway.provider.bodies.size() != calls; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(gateway.provider.bodies).hasSize(calls);
    }

    private static void awaitPassed(GatewayFixture gateway, Ticket ticket) throws Exception {
        for (int i = 0; i < 2000; i++) {
            Optional<Ticket> now = gateway.gateway.tickets.find(ticket.id()).await(10, TimeUnit.SECONDS);
            if (now.isPresent() && !now.get().fingerprint().equals(ticket.fingerprint())) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("nobody took the ticket over");
    }
}
