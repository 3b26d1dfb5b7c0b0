package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider.Script;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.NanoUsd;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider may do wrong before or in a document: a clear error, nothing held, everything on the record. */
class ProviderFaultTest {
    private static final String POLICY = GatewayFixture.providers() + """
              groq: {base_url: "http://127.0.0.1:1/v1", credential: "sk-test"}
              mistral: {base_url: "http://does-not-exist.invalid/v1", credential: "sk-test"}
            models:
              falls-back: {targets: [{model: openai/gpt-4o-mini}, {model: anthropic/claude-sonnet-4-5}, {model: groq/llama-3.1-8b-instant}]}
            routing: {attempts: 2, retry_delay: 5ms, breaker_failures: 0}
            server: {limits: {first_byte: 700ms, reply_idle: 700ms, reply: 2MiB, connect: 2s}}
            budget:
              budgets: [{id: key-daily, scope: key, limit: 1000}]
            """;

    private static GatewayFixture fixture;

    /** What the client gets, and what is on the record. */
    record Expected(int status, String code, String result, int attempts) {}

    private static Map<String, Map.Entry<Script, Expected>> faults() {
        return Map.ofEntries(
                fault("closes at once", turn -> turn.socket().close(), 502, "provider_broke_off", 1),
                fault("resets at once", turn -> turn.reset(), 502, "provider_broke_off", 1),
                fault("never answers", turn -> turn.waitForClose(), 504, "provider_timeout", 1),
                fault("is no HTTP", turn -> turn.send("SSH-2.0-x\r\n\r\n"), 502, "provider_answer_refused", 1),
                fault(
                        "switches protocols",
                        turn -> turn.send("HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
                        502,
                        "provider_answer_refused",
                        1),
                fault(
                        "redirects",
                        turn -> turn.send(
                                "HTTP/1.1 302 X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"),
                        502,
                        "provider_answer_refused",
                        1),
                fault(
                        "tells two lengths",
                        turn -> turn.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
                        502,
                        "provider_answer_refused",
                        1),
                fault(
                        "tells an absurd length",
                        turn -> turn.send("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n{}"),
                        502,
                        "provider_answer_refused",
                        1),
                fault(
                        "sends a control character",
                        turn -> turn.send("HTTP/1.1 200 OK\r\nx-a: b\u0001c\r\ncontent-length: 2\r\n\r\n{}"),
                        502,
                        "provider_answer_refused",
                        1),
                fault(
                        "resets in the body",
                        turn -> {
                            turn.send(
                                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
                            turn.reset();
                        },
                        502,
                        "provider_broke_off",
                        1),
                fault(
                        "closes in the body",
                        turn -> {
                            turn.send(
                                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
                            turn.socket().close();
                        },
                        502,
                        "provider_broke_off",
                        1),
                fault(
                        "stalls in the body",
                        turn -> {
                            turn.send(
                                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
                            turn.waitForClose();
                        },
                        504,
                        "provider_stalled",
                        1),
                fault(
                        "announces 300 MB",
                        turn -> turn.send(
                                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 314572800\r\n\r\n{"),
                        502,
                        "reply_too_large",
                        1),
                fault("is down", turn -> turn.json(503, "{\"error\":{\"message\":\"down\"}}"), 503, "", 2));
    }

    private static Map.Entry<String, Map.Entry<Script, Expected>> fault(
            String name, Script script, int status, String code, int attempts) {
        return Map.entry(
                name, Map.entry(script, new Expected(status, code == null ? "*" : code, "provider_error", attempts)));
    }

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
        faults().forEach((name, fault) -> fixture.provider.on(name.replace(' ', '-'), fault.getKey()));
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    static Stream<Arguments> everyFaultOnEveryWire() {
        return faults().entrySet().stream()
                .flatMap(fault -> Stream.of(Call.values())
                        .map(call -> Arguments.of(
                                fault.getKey(), call, fault.getValue().getValue())));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyFaultOnEveryWire")
    void provider_atFault_isExplainedAndSettled(String name, Call call, Expected expected) throws Exception {
        Answer answer = fixture.post(call.path, call.body("hello"), "x-script", name.replace(' ', '-'));

        assertThat(answer.whole()).isTrue();
        assertThat(answer.status()).as(answer.body()).isEqualTo(expected.status);
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.result()).isEqualTo(expected.result);
        assertThat(ended.attempts()).isEqualTo(expected.attempts);
        if (!expected.code.equals("*")) {
            assertThat(ended.code()).isEqualTo(expected.code);
        }
        if (!expected.code.isEmpty()) {
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.body()).contains(shapeOf(call)).doesNotContain("hello", "sk-test", "Exception");
        }
    }

    private static String shapeOf(Call call) {
        return switch (call) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> "{\"error\":{\"message\":";
            case ANTHROPIC -> "{\"type\":\"error\",\"error\":{\"type\":";
            case GEMINI -> "{\"error\":{\"code\":";
        };
    }

    @Test
    void provider_refusingConnections_isTriedAgainAndExplained() throws Exception {
        Answer answer = fixture.post(
                "/v1/groq/chat/completions",
                Call.OPENAI_CHAT.body("hello").replace("gpt-4o-mini", "llama-3.1-8b-instant"));

        assertUnreachable(answer, 2);
    }

    @Test
    void provider_withoutAddress_isTriedAgainAndExplained() throws Exception {
        Answer answer = fixture.post(
                "/v1/mistral/chat/completions",
                Call.OPENAI_CHAT.body("hello").replace("gpt-4o-mini", "mistral-small-latest"));

        assertUnreachable(answer, 2);
    }

    private static void assertUnreachable(Answer answer, int attempts) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(502);
        assertThat(answer.header("retry-after"))
                .as("clients try again on 502 by themselves")
                .isEmpty();
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.code()).isEqualTo("provider_unreachable");
        assertThat(ended.attempts()).isEqualTo(attempts);
        assertThat(ended.cost()).isEqualTo(NanoUsd.ZERO);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void interimAnswer_before_isSkipped(Call call) throws Exception {
        fixture.provider.on("interim", turn -> {
            turn.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
            turn.json(200, COMPLETION);
        });

        Answer answer = fixture.post(call.path, call.body("hello"), "x-script", "interim");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(COMPLETION);
    }

    @Test
    void failureOnce_isTriedAgain_andServed() throws Exception {
        fixture.provider.on(
                "fails-once",
                turn -> turn.json(turn.number() == 0 ? 500 : 200, turn.number() == 0 ? "{}" : COMPLETION));

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", "fails-once");

        assertThat(answer.status()).isEqualTo(200);
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.attempts()).isEqualTo(2);
        assertThat(ended.result()).isEqualTo("completed");
        assertThat(ended.replyBytes()).isEqualTo(COMPLETION.length());
    }

    @Test
    void clientError_isPassedOn_andNotTriedAgain() throws Exception {
        fixture.provider.on("client-error", turn -> turn.json(422, "{\"error\":\"odd\"}"));

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", "client-error");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).isEqualTo("{\"error\":\"odd\"}");
        assertThat(fixture.provider.requests("client-error")).isEqualTo(1);
    }

    @Test
    void leftOverBytes_behindAnAnswer_reachNobody() throws Exception {
        fixture.provider.on(
                "left-over",
                turn -> turn.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                        + "content-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nstolen"));

        for (int i = 0; i < 5; i++) {
            Answer poisoned = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("a"), "x-script", "left-over");
            Answer next = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("b"));

            assertThat(poisoned.body()).doesNotContain("stolen");
            assertThat(next.body()).isEqualTo(COMPLETION);
        }
    }
}
