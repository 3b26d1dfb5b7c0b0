package dev.tollgate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.ScriptedProvider.Turn;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.AwsMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are no server-sent events: followed and cut like those, with an end of their own form. */
class CutFormsTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final String ARRAY_PATH = "/v1/gemini/models/gemini-2.5-flash:streamGenerateContent";
    private static final String ARRAY_BODY =
            "{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}],\"generationConfig\":{\"maxOutputTokens\":50}}";
    private static final String MESSAGES_PATH = "/v1/bedrock/model/amazon.nova-2-lite-v1:0/converse-stream";
    private static final String MESSAGES_BODY =
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hello\"}]}],\"inferenceConfig\":{\"maxTokens\":50}}";
    /** Some 60 tokens, with everything in it that could be mistaken. */
    private static final String PIECE = "lorem ipsum dolor sit amet ]}{[, \\\" \\\\ ".repeat(5);

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + """
                  bedrock: {base_url: "PROVIDER", auth: bearer, credential: "sk-test"}
                budget: {budgets: [{id: small, scope: session, period: lifetime, unit: tokens, limit: 3000}]}
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    /** Sends a stream in pieces of one size until the other side has had enough. */
    private static void send(Turn turn, String type, byte[] stream, int chunkSize, CountDownLatch closed)
            throws IOException {
        turn.streamHead(type);
        try {
            for (int at = 0; at < stream.length; at += chunkSize) {
                turn.chunk(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + chunkSize)));
            }
            turn.waitForClose();
        } catch (IOException enough) {
            // It has had enough.
        }
        closed.countDown();
    }

    private static byte[] array(int elements, String end) {
        StringBuilder array = new StringBuilder("[");
        for (int i = 0; i < elements; i++) {
            array.append(i == 0 ? "" : "\n,\r\n")
                    .append("{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"")
                    .append(PIECE)
                    .append("\"}]}}]}");
        }
        return array.append(end).toString().getBytes(UTF_8);
    }

    private static byte[] messages(int count, byte[]... end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(AwsMessages.event("messageStart", "{\"role\":\"assistant\"}"));
        for (int i = 0; i < count; i++) {
            all.writeBytes(AwsMessages.event(
                    "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + PIECE + "\"}}"));
        }
        for (byte[] message : end) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    private static void assertCut(Answer answer, CountDownLatch closed) throws Exception {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the provider is told")
                .isTrue();
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.result()).isEqualTo("cut");
        assertThat(ended.code()).isEqualTo("budget_exceeded");
        assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
        assertThat(ended.usage().totalInput() + ended.usage().totalOutput()).isBetween(2000L, 3000L);
        fixture.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 64, 997, 65_536})
    void array_isCutAtTheBudget_andClosedBehindAnElementWithTheReason(int chunkSize) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        fixture.provider.on(
                "array-" + chunkSize,
                turn -> send(turn, "application/json; charset=UTF-8", array(400, ""), chunkSize, closed));

        Answer answer = fixture.post(
                ARRAY_PATH, ARRAY_BODY, "x-script", "array-" + chunkSize, "x-tollgate-session", "array-" + chunkSize);

        assertCut(answer, closed);
        JsonNode elements = new JsonMapper().readTree(answer.bytes());
        assertThat(elements.isArray()).isTrue();
        assertThat(elements.size()).isGreaterThan(10);
        JsonNode last = elements.get(elements.size() - 1).at("/candidates/0");
        assertThat(last.path("finishReason").asText()).isEqualTo("PROHIBITED_CONTENT");
        assertThat(last.at("/content/parts/0/text").asText()).contains("the answer was cut");
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 64, 997, 65_536})
    void messages_areCutAtTheBudget_andEndedByAnException(int chunkSize) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        fixture.provider.on(
                "messages-" + chunkSize,
                turn -> send(turn, "application/vnd.amazon.eventstream", messages(400), chunkSize, closed));

        Answer answer = fixture.post(
                MESSAGES_PATH,
                MESSAGES_BODY,
                "x-script",
                "messages-" + chunkSize,
                "x-tollgate-session",
                "messages-" + chunkSize);

        assertCut(answer, closed);
        List<AwsMessages.Message> messages = AwsMessages.readAll(answer.bytes());
        assertThat(messages).hasSizeGreaterThan(10);
        assertThat(messages.getLast().headers())
                .containsEntry(":message-type", "exception")
                .containsEntry(":exception-type", "serviceQuotaExceededException");
        assertThat(messages.getLast().payload()).contains("the answer was cut");
    }

    @Test
    void arrayAndMessages_withinTheBudget_passByteForByte_andAreBilledAsTold() throws Exception {
        byte[] array = array(
                3,
                ",{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5}}\n]\n");
        byte[] messages =
                messages(3, AwsMessages.event("metadata", "{\"usage\":{\"inputTokens\":10,\"outputTokens\":5}}"));
        for (int chunkSize : new int[] {1, 7, 64, 65_536}) {
            for (boolean isArray : new boolean[] {true, false}) {
                byte[] sent = isArray ? array : messages;
                String name = "whole-" + isArray + chunkSize;
                fixture.provider.on(name, turn -> {
                    turn.streamHead(isArray ? "application/json" : "application/vnd.amazon.eventstream");
                    for (int at = 0; at < sent.length; at += chunkSize) {
                        turn.chunk(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + chunkSize)));
                    }
                    turn.chunk("");
                });

                Answer answer = fixture.post(
                        isArray ? ARRAY_PATH : MESSAGES_PATH,
                        isArray ? ARRAY_BODY : MESSAGES_BODY,
                        "x-script",
                        name,
                        "x-tollgate-session",
                        name);

                assertThat(answer.whole()).isTrue();
                assertThat(answer.bytes()).isEqualTo(sent);
                Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
                assertThat(ended.result()).isEqualTo("completed");
                assertThat(ended.usage()).isEqualTo(Usage.of(10, 5, Usage.Source.REPORTED));
            }
        }
    }

    @Test
    void arrayThatEndsTooEarly_isClosedWithTheReason() throws Exception {
        fixture.provider.on("short-array", turn -> {
            turn.streamHead("application/json");
            turn.chunk(array(3, "\n]"));
            turn.chunk("");
        });

        Answer answer = fixture.post(ARRAY_PATH, ARRAY_BODY, "x-script", "short-array", "x-tollgate-session", "short");

        assertThat(fixture.ended(answer.header("x-tollgate-exchange-id")).result())
                .isEqualTo("provider_error");
        JsonNode elements = new JsonMapper().readTree(answer.bytes());
        assertThat(elements.get(elements.size() - 1).at("/error/status").asText())
                .isNotEmpty();
    }

    @Test
    void errorInsteadOfAnArray_passesAsItCame() throws Exception {
        String error = " {\"error\":{\"code\":500}}";
        fixture.provider.on("no-array", turn -> {
            turn.streamHead("application/json");
            turn.chunk(error);
            turn.chunk("");
        });

        Answer answer = fixture.post(ARRAY_PATH, ARRAY_BODY, "x-script", "no-array", "x-tollgate-session", "no-array");

        assertThat(answer.body()).isEqualTo(error);
        assertThat(answer.whole()).isTrue();
    }

    @Test
    void messagesThatBreakOff_areBilledAsRelayed_whateverTheirFirstMessageTold() throws Exception {
        String start = "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}";
        String delta =
                "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"" + PIECE + "\"}}";
        CountDownLatch arrived = new CountDownLatch(1);
        fixture.provider.on("broken-messages", turn -> {
            turn.streamHead("application/vnd.amazon.eventstream");
            for (String inside : List.of(start, delta)) {
                String base64 = java.util.Base64.getEncoder().encodeToString(inside.getBytes(UTF_8));
                turn.chunk(AwsMessages.event("chunk", "{\"bytes\":\"" + base64 + "\"}"));
            }
            arrived.await();
            turn.reset();
        });

        Answer answer = fixture.send(
                "POST",
                "/v1/bedrock/model/anthropic.claude-sonnet-4-5-20250929-v1:0/invoke-with-response-stream",
                "{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                        .getBytes(UTF_8),
                Map.of(
                        "content-type", "application/json",
                        "authorization", "Bearer " + fixture.gateway.key,
                        "x-script", "broken-messages",
                        "x-tollgate-session", "broken"),
                arrived::countDown);

        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.usage().totalInput()).isEqualTo(10);
        assertThat(ended.usage().totalOutput()).isGreaterThan(50);
        assertThat(AwsMessages.readAll(answer.bytes()).getLast().headers()).containsEntry(":message-type", "exception");
    }
}
