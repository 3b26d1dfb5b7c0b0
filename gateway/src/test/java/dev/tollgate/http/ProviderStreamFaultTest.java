package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider.Turn;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.NanoUsd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider may do wrong in the middle of a stream: the client hears of it as an event of its wire, and what was used is paid. */
class ProviderStreamFaultTest {
    private static final String POLICY = GatewayFixture.providers() + """
            routing: {attempts: 2, retry_delay: 5ms, breaker_failures: 0}
            server: {limits: {first_byte: 700ms, reply_idle: 700ms, reply: 3MiB, sse_event: 64KiB}}
            budget:
              budgets: [{id: key-daily, scope: key, limit: 1000}]
            """;

    private static GatewayFixture fixture;

    /** What is played after the opening events of a stream. */
    @FunctionalInterface
    interface Breaking {
        void play(Turn turn, Call call) throws Exception;
    }

    /** A way to break a stream and the code it gets; an empty code where the stream is none the worse for it. */
    record Fault(Breaking breaking, String code) {}

    private static Map<String, Fault> faults() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("resets", new Fault((turn, call) -> turn.reset(), "provider_broke_off"));
        faults.put("closes", new Fault((turn, call) -> turn.socket().close(), "provider_broke_off"));
        faults.put(
                "closes in a chunk",
                new Fault(
                        (turn, call) -> {
                            turn.send("ff\r\ndata: {");
                            turn.socket().close();
                        },
                        "provider_broke_off"));
        faults.put("breaks the framing", new Fault((turn, call) -> turn.send("zz\r\n"), "provider_broke_off"));
        faults.put("stalls", new Fault((turn, call) -> turn.waitForClose(), "provider_stalled"));
        faults.put(
                "ends without its last event", new Fault((turn, call) -> turn.send("0\r\n\r\n"), "provider_cut_short"));
        faults.put("never ends", new Fault((turn, call) -> flood(turn), "reply_too_large"));
        faults.put(
                "sends garbage",
                harmless(": a comment\nnonsense\ndata\nid: 7\nretry: x\n\n\n\ndata: {\"broken\": \n\ndata: 7\n\n"));
        faults.put("sends an overlong event", harmless("data: \"" + "x".repeat(200_000) + "\"\n\n"));
        faults.put("sends a line without end", harmless("x".repeat(200_000) + "\n\n"));
        return faults;
    }

    private static Fault harmless(String between) {
        return new Fault(
                (turn, call) -> {
                    turn.chunk(between);
                    StreamScripts.finish(turn, call);
                },
                "");
    }

    private static void flood(Turn turn) throws Exception {
        String event = "data: {\"x\":\"" + "x".repeat(10_000) + "\"}\n\n";
        for (int i = 0; i < 30_000; i++) {
            turn.chunk(event);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
        faults().forEach((name, fault) -> {
            for (Call call : Call.values()) {
                fixture.provider.on(scriptOf(name, call), turn -> {
                    turn.streamHead();
                    StreamScripts.send(turn, StreamScripts.opening(call));
                    fault.breaking.play(turn, call);
                });
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private static String scriptOf(String name, Call call) {
        return name.replace(' ', '-') + "-" + call;
    }

    static Stream<Arguments> everyFaultOnEveryWire() {
        return faults().entrySet().stream()
                .flatMap(fault ->
                        Stream.of(Call.values()).map(call -> Arguments.of(fault.getKey(), call, fault.getValue())));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyFaultOnEveryWire")
    void stream_broken_isExplainedAndSettled(String name, Call call, Fault fault) throws Exception {
        Answer answer = fixture.post(call.streamingPath(), call.streaming("hello"), "x-script", scriptOf(name, call));

        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).startsWith(String.join("", StreamScripts.opening(call)));
        assertThat(ended.code()).isEqualTo(fault.code);
        assertThat(ended.attempts()).isEqualTo(1);
        assertThat(ended.cost()).as("what was used is paid").isNotNull().isGreaterThan(NanoUsd.ZERO);
        if (fault.code.isEmpty()) {
            assertThat(ended.result()).isEqualTo("completed");
            assertThat(ended.replyBytes()).isEqualTo(answer.body().length());
        } else {
            assertThat(ended.result()).isEqualTo("provider_error");
            assertThat(answer.body().substring(Math.max(0, answer.body().length() - 600)))
                    .contains(lastEvent(call))
                    .containsIgnoringCase(fault.code)
                    .endsWith("\n\n");
        }
    }

    private static String lastEvent(Call call) {
        return switch (call) {
            case OPENAI_CHAT, GEMINI -> "\ndata: {\"error\":{";
            case OPENAI_RESPONSES -> "event: response.failed\ndata: {\"type\":\"response.failed\"";
            case ANTHROPIC -> "event: error\ndata: {\"type\":\"error\",\"error\":{";
        };
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void stream_whole_arrivesAsSent(Call call) throws Exception {
        fixture.provider.on("whole-" + call, turn -> StreamScripts.play(turn, call));

        Answer answer = fixture.post(call.streamingPath(), call.streaming("hello"), "x-script", "whole-" + call);

        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.result()).isEqualTo("completed");
        assertThat(ended.usage().input()).isEqualTo(10);
        assertThat(ended.usage().output()).isEqualTo(5);
        // The chunk that holds nothing but usage was asked for by the gateway, not by the client.
        String passedOn = StreamScripts.ending(call).stream()
                .filter(event -> !event.contains("\"choices\":[],\"usage\""))
                .collect(Collectors.joining());
        assertThat(answer.body()).isEqualTo(String.join("", StreamScripts.opening(call)) + passedOn);
    }
}
