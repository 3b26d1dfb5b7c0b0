package dev.tollgate.http;

import static dev.tollgate.http.HeldTickets.awaitWaiting;
import static dev.tollgate.http.HeldTickets.decide;
import static dev.tollgate.http.HeldTickets.pending;
import static dev.tollgate.http.HeldTickets.ticket;
import static dev.tollgate.http.HeldTickets.tickets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.MemoryGateway.Counters;
import dev.tollgate.RawClient;
import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.Vote;
import dev.tollgate.audit.Spend;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.store.mongo.MongoNodes;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.wire.ReplyContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls that a person is asked about twice, for themselves and for what their replies want to do: once for each, on whatever node their
 * clients come back, and the provider is paid once.
 */
class HeldTwiceTest {
    private static final String POLICY = HeldTickets.POLICY;

    private GatewayFixture node = new GatewayFixture(POLICY);

    HeldTwiceTest() throws Exception {
        ToolScripts.play(node.provider);
    }

    @AfterEach
    void stop() throws Exception {
        node.assertNothingLeft();
        node.close();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientBack_whileItsReplyIsAskedAbout_joinsThatTicket_andIsNotAskedAboutItself(Call call) throws Exception {
        Ticket tool = leaveWithItsReplyHeld(call);

        try (RawClient back = new RawClient(node.gateway.port)) {
            back.write(ToolScripts.request(node, call));
            awaitWaiting(node, 1);
            assertThat(pending(node)).extracting(Ticket::id).containsExactly(tool.id());
            decide(node, tool, State.APPROVED);

            assertThat(back.readUntil("0\r\n\r\n")).contains("build");
        }
        assertThat(node.provider.bodies).as("called and paid once").hasSize(1);
        assertThat(tickets(node)).as("asked once about each").hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientBack_afterItsReplyWasApproved_getsIt_asItCame(Call call) throws Exception {
        Ticket tool = leaveWithItsReplyHeld(call);
        decide(node, tool, State.APPROVED);

        Answer back = ToolScripts.stream(node, call);

        assertThat(back.body()).isEqualTo(ToolScripts.whole(call));
        assertThat(node.provider.bodies).hasSize(1);
        assertThat(tickets(node)).hasSize(2);
        assertThat(node.ended(back.header("x-tollgate-exchange-id")).attempts()).isZero();
        assertThat(node.newest().verdicts())
                .anySatisfy(verdict -> assertThat(verdict.code()).isEqualTo("kept_reply"));
        assertThat(Spend.wasHeld(node.newest())).as("it waited before").isFalse();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void clientBack_afterItsReplyWasErased_isToldSo_andTheProviderIsNotCalledAgain(Call call) throws Exception {
        Ticket tool = leaveWithItsReplyHeld(call);
        long erased = node.gateway
                .replies
                .erase(new Erasure("agent:tester", Instant.now(), "cli:ann", "asked by the user"))
                .await(20, TimeUnit.SECONDS);
        decide(node, tool, State.APPROVED);

        for (int i = 0; i < 2; i++) {
            Answer back = ToolScripts.stream(node, call);

            assertThat(back.status()).isEqualTo(call == Call.GEMINI ? 403 : 400);
            assertThat(back.body()).contains("has been erased since").doesNotContain("build");
            assertThat(node.ended(back.header("x-tollgate-exchange-id")).code()).isEqualTo("kept_reply_erased");
        }
        assertThat(erased).isEqualTo(1);
        assertThat(node.provider.bodies).as("called and paid once").hasSize(1);
        assertThat(tickets(node)).as("and nobody is asked anew").hasSize(2);
    }

    @Test
    void clientBack_afterItsReplyWasUsed_isAskedAboutAnew() throws Exception {
        Ticket tool = leaveWithItsReplyHeld(Call.ANTHROPIC);
        decide(node, tool, State.APPROVED);
        assertThat(ToolScripts.stream(node, Call.ANTHROPIC).whole()).isTrue();

        try (RawClient again = new RawClient(node.gateway.port)) {
            again.write(ToolScripts.request(node, Call.ANTHROPIC));
            assertThat(ticket(node).rule()).isEqualTo("ask");
        }
        awaitWaiting(node, 0);
    }

    @Test
    void clientBack_afterItsReplyWasRefused_isToldSo_andItsCallIsNotMadeAgain() throws Exception {
        Ticket tool = leaveWithItsReplyHeld(Call.OPENAI_CHAT);
        decide(node, tool, State.DENIED);

        Answer back = ToolScripts.stream(node, Call.OPENAI_CHAT);

        assertThat(said(back)).contains("was not approved: leave it");
        assertThat(back.body()).doesNotContain("build");
        assertThat(node.provider.bodies).hasSize(1);
        assertThat(tickets(node)).hasSize(2);
    }

    @Test
    void callChangedByItsReviewer_isFoundAgain_asItsClientMakesIt() throws Exception {
        try (RawClient leaving = new RawClient(node.gateway.port)) {
            leaving.write(ToolScripts.request(node, Call.ANTHROPIC));
            Ticket request = ticket(node);
            Edit edit = new Edit(request.details().passages().getFirst().path(), "hello, but nicer");
            Vote vote = new Vote("alice", true, "", Instant.now().truncatedTo(ChronoUnit.MILLIS), edit);
            var unused = node.gateway.desk.decide(request.id(), vote).await(10, TimeUnit.SECONDS);
            assertThat(other(node, request).rule()).isEqualTo("shell");
        }
        awaitWaiting(node, 0);
        decide(node, ticket(node), State.APPROVED);

        assertThat(ToolScripts.stream(node, Call.ANTHROPIC).body()).isEqualTo(ToolScripts.whole(Call.ANTHROPIC));
        assertThat(node.provider.bodies).hasSize(1);
    }

    /** Two nodes with one MongoDB, each with money of its own. */
    @Test
    void clientBack_onAnotherNodeAtOnce_getsTheReplyThatWasPaidFor() throws Exception {
        try (MongoNodes mongo = new MongoNodes()) {
            try (GatewayFixture one = new GatewayFixture(POLICY, mongo.shared(null));
                    GatewayFixture two = new GatewayFixture(POLICY, mongo.shared(one.gateway))) {
                assertServedByTheOther(one, two);
            }
        }
    }

    /** Two nodes with one MongoDB and one Redis. */
    @Test
    void clientBack_onAnotherNodeThatSharesMoneyToo_getsTheReplyThatWasPaidFor() throws Exception {
        try (MongoNodes mongo = new MongoNodes();
                RedisProcess redis = new RedisProcess();
                RedisStore first = RedisStore.open(redis.uri(), Duration.ofSeconds(5));
                RedisStore second = RedisStore.open(redis.uri(), Duration.ofSeconds(5))) {
            Counters left = counters(first, "one", "two");
            Counters right = counters(second, "two", "one");
            try (GatewayFixture one = new GatewayFixture(POLICY, left, Map.of(), mongo.shared(null));
                    GatewayFixture two = new GatewayFixture(POLICY, right, Map.of(), mongo.shared(one.gateway))) {
                assertServedByTheOther(one, two);
            }
        }
    }

    private static Counters counters(RedisStore store, String self, String other) throws Exception {
        RedisLedger.Self name =
                new RedisLedger.Self(self, Set.of(other), met -> {}, counter -> true, InstantSource.system());
        RedisLedger ledger = store.ledger("shared", name);
        var unused = ledger.restore(Map.of(), List.of()).await(20, TimeUnit.SECONDS);
        return new Counters(ledger, new MemoryRateLimiter(InstantSource.system()));
    }

    /** Again and again, and each time at once: there is no moment at which the other node does not know. */
    private static void assertServedByTheOther(GatewayFixture one, GatewayFixture two) throws Exception {
        ToolScripts.play(one.provider);
        ToolScripts.play(two.provider);
        Call call = Call.ANTHROPIC;
        for (int round = 1; round <= 5; round++) {
            Ticket tool;
            try (RawClient leaving = new RawClient(one.gateway.port)) {
                leaving.write(ToolScripts.request(one, call));
                Ticket request = ticket(one);
                decide(one, request, State.APPROVED);
                tool = other(one, request);
            }
            // On the other node, and before it looks around.
            try (RawClient back = new RawClient(two.gateway.port)) {
                back.write(ToolScripts.request(two, call));
                awaitWaiting(two, 1);
                assertThat(pending(two)).extracting(Ticket::id).containsExactly(tool.id());
                decide(two, tool, State.APPROVED);
                assertThat(back.readUntil("0\r\n\r\n")).contains("build");
            }
            assertThat(one.provider.bodies).hasSize(round);
            assertThat(two.provider.bodies).isEmpty();
            awaitWaiting(one, 0);
        }
        one.assertNothingLeft();
        two.assertNothingLeft();
    }

    /** A call that was approved, and whose client left while its reply is asked about. Yields that ticket. */
    private Ticket leaveWithItsReplyHeld(Call call) throws Exception {
        Ticket tool;
        try (RawClient leaving = new RawClient(node.gateway.port)) {
            leaving.write(ToolScripts.request(node, call));
            Ticket request = ticket(node);
            assertThat(request.rule()).isEqualTo("ask");
            decide(node, request, State.APPROVED);
            tool = other(node, request);
            assertThat(tool.rule()).isEqualTo("shell");
        }
        awaitWaiting(node, 0);
        return tool;
    }

    private static String said(Answer answer) {
        return ReplyContent.of(answer.body().getBytes(StandardCharsets.UTF_8))
                .orElseThrow()
                .text();
    }

    /** The ticket that is opened after one was decided. */
    private static Ticket other(GatewayFixture gateway, Ticket before) throws Exception {
        Ticket next = ticket(gateway);
        assertThat(next.id()).isNotEqualTo(before.id());
        return next;
    }
}
