package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider.Turn;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams whose provider sends more than it was allowed: more is held for them while there is more, then they are cut. */
class CapTest {
    private static final int PATIENCE_SECONDS = 20;
    /** Some 170 tokens. */
    private static final String PIECE = "lorem ipsum dolor sit amet ".repeat(25);

    private static GatewayFixture fixture(String budget) throws Exception {
        return new GatewayFixture(GatewayFixture.providers() + budget);
    }

    /** Sends pieces until the other side has had enough. */
    private static void endless(Turn turn, Call call, CountDownLatch closed) throws IOException {
        turn.streamHead();
        List<String> opening = StreamScripts.opening(call);
        StreamScripts.send(turn, opening);
        String more = opening.getLast().replaceAll("\"(fine|ne)\"", '"' + PIECE + '"');
        try {
            for (int i = 0; i < 5_000; i++) {
                turn.chunk(more);
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } catch (IOException | InterruptedException enough) {
            closed.countDown();
        }
    }

    private static void assertEndsInItsOwnWire(Call call, Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).contains("the answer was cut");
        String end = answer.body().substring(answer.body().lastIndexOf(PIECE));
        switch (call) {
            case OPENAI_CHAT ->
                assertThat(end).contains("\"finish_reason\":\"content_filter\"").endsWith("data: [DONE]\n\n");
            case OPENAI_RESPONSES -> assertThat(end).contains("response.failed");
            case ANTHROPIC -> assertThat(end).contains("event: error");
            case GEMINI -> assertThat(end).contains("\"finishReason\":\"PROHIBITED_CONTENT\"");
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void streamWithoutEnd_isCutAtTheBudget_andCostsNoMore(Call call) throws Exception {
        try (GatewayFixture fixture =
                fixture("budget: {budgets: [{id: small, scope: all, period: lifetime, limit: 0.05}]}")) {
            CountDownLatch closed = new CountDownLatch(1);
            fixture.provider.on("endless", turn -> endless(turn, call, closed));

            String plain = call.streaming("hello");
            String body = call == Call.GEMINI
                    ? plain.substring(0, plain.length() - 1) + ",\"generationConfig\":{\"maxOutputTokens\":50}}"
                    : plain;
            Answer answer = fixture.post(call.streamingPath(), body, "x-script", "endless");

            assertEndsInItsOwnWire(call, answer);
            assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the provider is told")
                    .isTrue();
            Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(ended.result()).isEqualTo("cut");
            assertThat(ended.code()).isEqualTo("budget_exceeded");
            assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
            long limit = NanoUsd.ofDollars("0.05").nanos();
            assertThat(fixture.spent("small/all/lifetime")).isBetween(limit * 8 / 10, limit);
            assertThat(ended.cost().nanos()).isEqualTo(fixture.spent("small/all/lifetime"));
            assertThat(fixture.records(Administrative.class))
                    .isNotEmpty()
                    .allMatch(said -> said.action().equals(Administrative.HOLD_RAISED)
                            && said.subject().equals(ended.exchange().value()));
            fixture.assertNothingLeft();
        }
    }

    @Test
    void tokenBudget_cutsToo() throws Exception {
        try (GatewayFixture fixture =
                fixture("budget: {budgets: [{id: few, scope: all, period: lifetime, unit: tokens, limit: 3000}]}")) {
            fixture.provider.on("endless", turn -> endless(turn, Call.OPENAI_CHAT, new CountDownLatch(1)));

            Answer answer =
                    fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "endless");

            assertEndsInItsOwnWire(Call.OPENAI_CHAT, answer);
            Ended unused = fixture.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(fixture.spent("tokens:few/all/lifetime")).isBetween(2400L, 3000L);
            fixture.assertNothingLeft();
        }
    }

    @Test
    void requestCap_cutsWithoutAnyBudget() throws Exception {
        try (GatewayFixture fixture = fixture("budget: {request_cap: 0.001}")) {
            fixture.provider.on("endless", turn -> endless(turn, Call.OPENAI_CHAT, new CountDownLatch(1)));

            Answer answer =
                    fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "endless");

            assertEndsInItsOwnWire(Call.OPENAI_CHAT, answer);
            assertThat(answer.body()).contains("the request cap $0.001");
            assertThat(fixture.ended(answer.header("x-tollgate-exchange-id")).cost())
                    .isLessThanOrEqualTo(NanoUsd.ofDollars("0.001"));
        }
    }

    @Test
    void longAnswer_withinTheBudget_passesWhole_andIsCharged() throws Exception {
        try (GatewayFixture fixture =
                fixture("budget: {budgets: [{id: large, scope: all, period: lifetime, limit: 1}]}")) {
            fixture.provider.on("long", turn -> {
                turn.streamHead();
                List<String> opening = StreamScripts.opening(Call.OPENAI_CHAT);
                StreamScripts.send(turn, opening);
                for (int i = 0; i < 40; i++) {
                    turn.chunk(opening.getLast().replace("\"ne\"", '"' + PIECE + '"'));
                }
                StreamScripts.finish(turn, Call.OPENAI_CHAT);
            });

            Answer answer =
                    fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "long");

            assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("was cut");
            Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(ended.result()).isEqualTo("completed");
            assertThat(ended.usage().output()).as("as told").isEqualTo(5);
            fixture.assertNothingLeft();
        }
    }

    @Test
    void observedBudget_cutsNothing() throws Exception {
        try (GatewayFixture fixture = fixture(
                "budget: {budgets: [{id: small, mode: observe, scope: all, period: lifetime, limit: 0.0001}]}")) {
            fixture.provider.on("some", turn -> {
                turn.streamHead();
                List<String> opening = StreamScripts.opening(Call.OPENAI_CHAT);
                for (int i = 0; i < 40; i++) {
                    turn.chunk(opening.getLast().replace("\"ne\"", '"' + PIECE + '"'));
                }
                StreamScripts.finish(turn, Call.OPENAI_CHAT);
            });

            Answer answer =
                    fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "some");

            assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("was cut");
            assertThat(fixture.records(Received.class)).hasSize(1);
            fixture.assertNothingLeft();
        }
    }
}
