package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.audit.AuditRecord.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that come while as many are under way as a node takes on: they wait for a place, so many and so long as may be. */
class QueuedCallTest {
    private static final String POLICY = GatewayFixture.providers() + """
            server: {limits: {open: 1, queued: 2, queue_time: TIME, bodies: 100KiB}}
            """;

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final List<CompletableFuture<Answer>> asked = new ArrayList<>();
    private GatewayFixture fixture;

    private void start(String queueTime) throws Exception {
        fixture = new GatewayFixture(POLICY.replace("TIME", queueTime));
        fixture.provider.on("slow", turn -> {
            arrived.countDown();
            go.await();
            turn.json(200, ScriptedProvider.COMPLETION);
        });
        var unused = ask(Call.OPENAI_CHAT, "first", "slow");
        arrived.await();
    }

    @AfterEach
    void stop() throws Exception {
        go.countDown();
        for (CompletableFuture<Answer> one : asked) {
            var unused = one.get(30, TimeUnit.SECONDS);
        }
        assertThat(fixture.gateway.queuedCalls()).isZero();
        fixture.assertNothingLeft();
        fixture.close();
    }

    private CompletableFuture<Answer> ask(Call call, String text, String script) {
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return fixture.post(call.path, call.body(text), "x-script", script);
                    } catch (Exception failed) { // a supplier may throw none
                        throw new AssertionError(failed);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        asked.add(answer);
        return answer;
    }

    private void awaitQueued(int calls) throws Exception {
        for (int i = 0; i < 4000 && fixture.gateway.queuedCalls() != calls; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(fixture.gateway.queuedCalls()).isEqualTo(calls);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void callsThatCome_waitForTheirPlaces_inTheirOrder_andWhatIsBeyondIsRefused(Call call) throws Exception {
        start("1m");
        var unused = ask(call, "second", "");
        awaitQueued(1);
        var unusedToo = ask(call, "third", "");
        awaitQueued(2);

        Answer beyond = fixture.post(call.path, call.body("fourth"));

        assertThat(beyond.status()).isEqualTo(call == Call.ANTHROPIC ? 529 : 503);
        assertThat(beyond.header("retry-after")).isEqualTo("1");
        assertThat(beyond.body()).contains("limit open").contains("limit queued");
        assertThat(fixture.records(Received.class)).as("recorded").hasSize(1);
        go.countDown();
        for (CompletableFuture<Answer> one : asked) {
            assertThat(one.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
        assertThat(fixture.provider.bodies).hasSize(3);
        assertThat(fixture.provider.bodies.get(1)).contains("second");
        assertThat(fixture.provider.bodies.get(2)).contains("third");
    }

    @Test
    void callThatWaitsTooLong_isRefused_andLeavesItsPlaceInTheLine() throws Exception {
        start("200ms");

        for (int i = 0; i < 3; i++) {
            Answer late = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("late"));

            assertThat(late.status()).isEqualTo(503);
            assertThat(late.body()).contains("limit queue_time of 200 ms");
        }
        go.countDown();
        assertThat(asked.getFirst().get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"))
                        .status())
                .isEqualTo(200);
        assertThat(fixture.provider.bodies).hasSize(2);
    }

    @Test
    void clientThatLeaves_isForgotten() throws Exception {
        start("1m");
        try (RawClient leaving = new RawClient(fixture.gateway.port)) {
            String body = Call.OPENAI_CHAT.body("left");
            leaving.write("POST " + Call.OPENAI_CHAT.path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                    + fixture.gateway.key + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                    + "\r\n\r\n" + body);
            awaitQueued(1);
        }
        awaitQueued(0);

        CompletableFuture<Answer> next = ask(Call.OPENAI_CHAT, "next", "");
        awaitQueued(1);
        go.countDown();

        assertThat(next.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(fixture.provider.bodies).hasSize(2).noneMatch(body -> body.contains("left"));
        assertThat(fixture.records(Received.class)).hasSize(2);
    }

    /** What waits at the door takes memory too. */
    @Test
    void bodiesOfWhatWaits_areCounted_andGivenBack() throws Exception {
        start("1m");
        String large = "x".repeat(60_000);
        CompletableFuture<Answer> waits = ask(Call.OPENAI_CHAT, large, "");
        awaitQueued(1);

        Answer refused = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body(large));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("limit bodies of 102400 bytes");
        go.countDown();
        assertThat(waits.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body(large))
                            .status())
                    .isEqualTo(200);
        }
    }
}
