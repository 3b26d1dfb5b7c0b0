package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.Usage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With {@code client_gone: drain}, an answer whose client has gone is read to its end and billed as the provider tells. */
class DrainTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final String POLICY = GatewayFixture.providers() + """
            routing: {client_gone: drain, attempts: 2}
            server: {limits: {reply_idle: 1s, reply: 1MiB}}
            budget:
              budgets: [{id: key-daily, scope: key, limit: 1000}]
            """;

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private static String request(String path, String body, String script) {
        return "POST " + path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + fixture.gateway.key
                + "\r\ncontent-type: application/json\r\nx-script: " + script + "\r\ncontent-length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /** Leaves once the provider has the call; the end on the record. */
    private static Ended leave(String path, String body, String script, CountDownLatch reached, CountDownLatch left)
            throws Exception {
        int before =
                fixture.records(dev.tollgate.audit.AuditRecord.Received.class).size();
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(request(path, body, script));
            assertThat(reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        // The gateway has to see that the connection is closed before the provider goes on.
        TimeUnit.MILLISECONDS.sleep(300);
        left.countDown();
        var received = fixture.records(dev.tollgate.audit.AuditRecord.Received.class);
        assertThat(received).hasSize(before + 1);
        return fixture.ended(received.getLast().exchange().value());
    }

    private static void assertBilledExactly(Ended ended) {
        assertThat(ended.result()).isEqualTo("client_gone");
        assertThat(ended.usage().source()).isEqualTo(Usage.Source.REPORTED);
        assertThat(ended.usage().input()).isEqualTo(10);
        assertThat(ended.usage().totalOutput()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void streamLeftInItsMiddle_isReadToItsEnd(Call call) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        fixture.provider.on("middle-" + call, turn -> {
            turn.streamHead();
            StreamScripts.send(turn, StreamScripts.opening(call));
            reached.countDown();
            left.await();
            StreamScripts.finish(turn, call);
        });

        assertBilledExactly(leave(call.streamingPath(), call.streaming("hello"), "middle-" + call, reached, left));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void streamLeftBeforeItsHead_isReadToItsEnd(Call call) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        fixture.provider.on("before-" + call, turn -> {
            reached.countDown();
            left.await();
            StreamScripts.play(turn, call);
        });

        assertBilledExactly(leave(call.streamingPath(), call.streaming("hello"), "before-" + call, reached, left));
    }

    @Test
    void document_isReadToItsEnd() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        fixture.provider.on("document", turn -> {
            reached.countDown();
            left.await();
            turn.json(200, ScriptedProvider.COMPLETION);
        });

        assertBilledExactly(leave(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "document", reached, left));
    }

    @Test
    void failureWithNobodyThere_isNotTriedAgain() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        fixture.provider.on("failing", turn -> {
            reached.countDown();
            left.await();
            turn.json(503, "{}");
        });

        Ended ended = leave(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "failing", reached, left);

        assertThat(ended.result()).isEqualTo("client_gone");
        assertThat(ended.attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"OPENAI_CHAT", "ANTHROPIC"})
    void providerThatFallsSilent_isGivenUp(Call call) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        fixture.provider.on("silent-" + call, turn -> {
            turn.streamHead();
            StreamScripts.send(turn, StreamScripts.opening(call));
            reached.countDown();
            turn.waitForClose();
            closed.countDown();
        });

        Ended ended =
                leave(call.streamingPath(), call.streaming("hello"), "silent-" + call, reached, new CountDownLatch(1));

        assertThat(ended.result()).isEqualTo("client_gone");
        assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
        assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void streamWithoutEnd_isGivenUpAtItsLimit() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        fixture.provider.on("endless", turn -> {
            turn.streamHead();
            StreamScripts.send(turn, StreamScripts.opening(Call.OPENAI_CHAT));
            reached.countDown();
            left.await();
            String piece = "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(50_000) + "\"}}]}\n\n";
            for (int i = 0; i < 100; i++) {
                turn.chunk(piece);
            }
            turn.waitForClose();
        });

        Ended ended = leave(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "endless", reached, left);

        assertThat(ended.result()).isEqualTo("client_gone");
        assertThat(ended.cost()).isNotNull();
    }
}
