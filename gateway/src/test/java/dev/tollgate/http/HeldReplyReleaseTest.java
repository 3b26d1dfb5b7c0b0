package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.MemoryGateway;
import dev.tollgate.MemoryGateway.Shared;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.store.mongo.MongoNodes;
import dev.tollgate.store.sqlite.SqliteNodes;
import dev.tollgate.value.KeyId;
import dev.tollgate.wire.ReplyContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Replies that waited for a person for hours: what has changed meanwhile decides whether they still reach their client. */
class HeldReplyReleaseTest {
    private static final String RULE =
            "{id: delete, tools: Bash, commands: [\"rm -r*\"], call: hold, reason: it deletes, deadline: 24h}";
    private static final String POLICY = GatewayFixture.providers() + """
            identity: {key_cache: 0s}
            approval: {quiet: 10m, patience: 30d}
            tools: {rules: [RULES]}
            """;

    private AutoCloseable stores = () -> {};
    private GatewayFixture gateway;

    /** Where tickets and replies are kept, which wire, and whether it streams. */
    static Stream<Arguments> replies() {
        return Stream.of("sqlite", "mongo")
                .flatMap(store -> Stream.of(Call.values())
                        .flatMap(call -> Stream.of(true, false).map(streams -> Arguments.of(store, call, streams))));
    }

    private void start(String store) throws Exception {
        Shared shared;
        if (store.equals("mongo")) {
            MongoNodes mongo = new MongoNodes();
            stores = mongo;
            shared = mongo.shared(null);
        } else {
            SqliteNodes sqlite = new SqliteNodes();
            stores = sqlite;
            shared = sqlite.shared();
        }
        gateway = new GatewayFixture(POLICY.replace("RULES", RULE), shared);
        ToolScripts.play(gateway.provider);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.assertNothingLeft();
        gateway.close();
        stores.close();
    }

    /** What can become of a key while the reply to its call waits, and what the record then says of the call. */
    enum Key {
        REVOKED("revoked_key") {
            @Override
            void happens(MemoryGateway gateway) throws Exception {
                var unused = gateway.keys.revoke(id(gateway), Instant.now()).await(10, TimeUnit.SECONDS);
            }
        },
        EXPIRED("expired_key") {
            @Override
            void happens(MemoryGateway gateway) throws Exception {
                var unused = gateway.keys
                        .endBy(id(gateway), Instant.now().plus(Duration.ofHours(1)))
                        .await(10, TimeUnit.SECONDS);
                gateway.ahead = Duration.ofHours(2);
            }
        },
        CANNOT_BE_LOOKED_AT("enforcement_unavailable") {
            @Override
            void happens(MemoryGateway gateway) throws Exception {
                // What was remembered of the key is out of date by then.
                var unused = gateway.keys
                        .endBy(id(gateway), Instant.now().plus(Duration.ofDays(9)))
                        .await(10, TimeUnit.SECONDS);
                gateway.keysAway = true;
            }
        };

        private final String code;

        Key(String code) {
            this.code = code;
        }

        abstract void happens(MemoryGateway gateway) throws Exception;

        private static KeyId id(MemoryGateway gateway) throws Exception {
            return gateway.keys.list(1).await(10, TimeUnit.SECONDS).getFirst().id();
        }
    }

    static Stream<Arguments> repliesAndKeys() {
        return replies()
                .flatMap(reply -> Stream.of(Key.values())
                        .map(key -> Arguments.of(reply.get()[0], reply.get()[1], reply.get()[2], key)));
    }

    @ParameterizedTest
    @MethodSource("repliesAndKeys")
    void keyThatIsNoLongerGood_whenItsReplyIsApproved_doesNotGetIt(String store, Call call, boolean streams, Key key)
            throws Exception {
        start(store);
        CompletableFuture<Answer> waiting = ask(call, streams);
        Ticket asked = ticket();
        key.happens(gateway.gateway);

        approve(asked);

        assertRefused(get(waiting), streams, key.code);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void policyThatCameMeanwhile_andDeniesTheCallOfTheTool_takesItOut(String store, Call call, boolean streams)
            throws Exception {
        start(store);
        CompletableFuture<Answer> waiting = ask(call, streams);
        Ticket asked = ticket();
        gateway.reload(POLICY.replace("RULES", RULE.replace("call: hold", "call: deny")));

        approve(asked);

        assertThat(get(waiting).whole()).isTrue();
        assertThat(get(waiting).body()).doesNotContain("build");
        assertThat(content(get(waiting)).tools()).hasSize(1);
        assertThat(content(get(waiting)).text()).contains("it deletes");
    }

    @ParameterizedTest
    @MethodSource("replies")
    void policyThatCameMeanwhile_andHoldsTheCallByAnotherRule_asksAgain(String store, Call call, boolean streams)
            throws Exception {
        start(store);
        CompletableFuture<Answer> waiting = ask(call, streams);
        Ticket asked = ticket();
        gateway.reload(POLICY.replace("RULES", "{id: files, tools: Bash, commands: [\"rm*\"], call: hold}, " + RULE));

        approve(asked);
        Ticket second = ticket();
        assertThat(second.rule()).isEqualTo("files");
        assertThat(waiting).isNotDone();
        approve(second);

        assertThat(get(waiting).body()).isEqualTo(whole(call, streams));
        assertThat(gateway.provider.bodies).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void policyThatCameMeanwhile_andStillHoldsTheCallByItsRule_isContentWithTheApproval(
            String store, Call call, boolean streams) throws Exception {
        start(store);
        CompletableFuture<Answer> waiting = ask(call, streams);
        Ticket asked = ticket();
        gateway.reload(POLICY.replace("RULES", RULE).replace("30d", "31d"));

        approve(asked);

        assertThat(get(waiting).body()).isEqualTo(whole(call, streams));
    }

    private void assertRefused(Answer answer, boolean streams, String code) throws Exception {
        assertThat(answer.body()).doesNotContain("build").doesNotContain("tool_use");
        if (!streams) {
            assertThat(answer.status()).isGreaterThanOrEqualTo(400);
            assertThat(answer.body()).doesNotContain("On it");
        }
        assertThat(gateway.ended(answer.header("x-tollgate-exchange-id")).code())
                .isEqualTo(code);
        assertThat(gateway.provider.bodies).hasSize(1);
    }

    private static String whole(Call call, boolean streams) {
        return streams ? ToolScripts.whole(call) : ToolScripts.document(call);
    }

    private static ReplyContent content(Answer answer) {
        return ReplyContent.of(answer.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private CompletableFuture<Answer> ask(Call call, boolean streams) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return streams ? ToolScripts.stream(gateway, call) : ToolScripts.document(gateway, call);
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    private Ticket ticket() throws Exception {
        for (int i = 0; i < 2000; i++) {
            List<Ticket> pending =
                    gateway.gateway.tickets.list(State.PENDING, 10).await(10, TimeUnit.SECONDS);
            if (!pending.isEmpty()) {
                return pending.getFirst();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket");
    }

    /** By the gateway's clock, as the console does. */
    private void approve(Ticket ticket) throws Exception {
        var unused = gateway.gateway
                .desk
                .decide(ticket.id(), State.APPROVED, "alice", "")
                .await(10, TimeUnit.SECONDS);
    }
}
