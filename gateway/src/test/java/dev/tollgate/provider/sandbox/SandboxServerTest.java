package dev.tollgate.provider.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollgate.exchange.Facts;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import dev.tollgate.wire.SseReader;
import dev.tollgate.wire.StreamReader;
import dev.tollgate.wire.Wires;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SandboxServerTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Vertx vertx;
    private static int port;
    private final Wires wires = new Wires();

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        port = new SandboxServer(vertx).start().await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        var unused = vertx.close().await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        CLIENT.close();
    }

    private static HttpResponse<String> send(String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("content-type", "application/json");
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(String path, @Nullable String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return MAPPER.readTree(response.body());
    }

    private static List<ReplyMeter.Step> feed(String stream, ReplyMeter meter) {
        List<ReplyMeter.Step> steps = new ArrayList<>();
        SseReader reader = new SseReader(1 << 20);
        byte[] bytes = stream.getBytes(UTF_8);
        StreamReader.Sink sink = new StreamReader.Sink() {
            @Override
            public void event(byte[] raw, @Nullable String name, byte @Nullable [] data) {
                steps.add(meter.onEvent(name, data));
            }

            @Override
            public void piece(byte[] raw) {
                throw new AssertionError("no event here is that large");
            }
        };
        reader.feed(bytes, 0, bytes.length, sink);
        return steps;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai_chat        | /v1/chat/completions | /v1/chat/completions | {'model':'sandbox-small','messages':[{'role':'user','content':'Hello there'}]} | /choices/0/message/content",
                "openai_responses   | /v1/responses | /v1/responses | {'model':'sandbox-small','input':'Hello there'} | /output/0/content/0/text",
                "anthropic_messages | /v1/messages | /v1/messages | {'model':'sandbox-small','max_tokens':99,'messages':[{'role':'user','content':[{'type':'text','text':'Hello there'}]}]} | /content/0/text",
                "gemini_generate    | /v1beta/models/sandbox-small:generateContent | /v1beta/models/sandbox-small:streamGenerateContent?alt=sse | {'contents':[{'role':'user','parts':[{'text':'Hello there'}]}]} | /candidates/0/content/parts/0/text",
            })
    void answer_wholeOrStreamed_isTheSameAndTellsTheSameUsage(
            String wire, String path, String streamPath, String body, String answerAt) throws Exception {
        String streaming = wire.equals("gemini_generate")
                ? body
                : body.substring(0, body.length() - 1) + ",'stream':true,'stream_options':{'include_usage':true}}";
        ReplyMeter meter = wires.byId(wire).orElseThrow().meter(Facts.NOTHING);
        ReplyMeter streamMeter = wires.byId(wire).orElseThrow().meter(Facts.NOTHING);

        String whole = send(path, body).body();
        meter.onBody(whole.getBytes(UTF_8));
        List<ReplyMeter.Step> steps = feed(send(streamPath, streaming).body(), streamMeter);

        String answer = MAPPER.readTree(whole).at(answerAt).asText();
        assertThat(answer).contains("sandbox-small").endsWith("You said: Hello there");
        assertThat(meter.servedModel()).isEqualTo("sandbox-small");
        // What was added to ask for a stream is input, too.
        Usage told = meter.reported();
        Usage streamed = streamMeter.reported();
        assertThat(told.source()).isEqualTo(Usage.Source.REPORTED);
        assertThat(streamed.output()).isEqualTo(told.output()).isPositive();
        assertThat(streamed.input()).isGreaterThanOrEqualTo(told.input()).isPositive();
        assertThat(String.join("", streamMeter.output().take().texts())).isEqualTo(answer);
        if (!wire.equals("gemini_generate")) {
            assertThat(steps).endsWith(ReplyMeter.Step.LAST);
        }
    }

    @Test
    void tool_askedFor_isCalledOnEveryWire() throws Exception {
        String ask = "please use the tool";

        assertThat(json(
                                "/v1/chat/completions",
                                "{'model':'sandbox-small','messages':[{'role':'user','content':'" + ask
                                        + "'}],'tools':[{'type':'function','function':{'name':'look'}}]}")
                        .at("/choices/0/message/tool_calls/0/function/name")
                        .asText())
                .isEqualTo("look");
        assertThat(json(
                                "/v1/responses",
                                "{'model':'sandbox-small','input':'" + ask
                                        + "','tools':[{'type':'function','name':'look'}]}")
                        .at("/output/0/name")
                        .asText())
                .isEqualTo("look");
        assertThat(json(
                                "/v1/messages",
                                "{'model':'sandbox-small','max_tokens':50,'messages':[{'role':'user','content':'" + ask
                                        + "'}],'tools':[{'name':'look'}]}")
                        .at("/content/0/name")
                        .asText())
                .isEqualTo("look");
        assertThat(json(
                                "/v1beta/models/sandbox-small:generateContent",
                                "{'contents':[{'parts':[{'text':'" + ask
                                        + "'}]}],'tools':[{'functionDeclarations':[{'name':'look'}]}]}")
                        .at("/candidates/0/content/parts/0/functionCall/name")
                        .asText())
                .isEqualTo("look");
    }

    @Test
    void tool_thatAnswered_isQuoted() throws Exception {
        assertThat(json(
                                "/v1/responses",
                                "{'model':'sandbox-small','input':[{'role':'user','content':'use the tool'},"
                                        + "{'type':'function_call_output','call_id':'c','output':'It is 7'}],'tools':[{'type':'function','name':'look'}]}")
                        .at("/output/0/content/0/text")
                        .asText())
                .endsWith("It is 7");
        assertThat(json(
                                "/v1/messages",
                                "{'model':'sandbox-small','max_tokens':50,'messages':[{'role':'user','content':[{'type':'tool_result',"
                                        + "'tool_use_id':'t','content':[{'type':'text','text':'It is 7'}]}]}],'tools':[{'name':'look'}]}")
                        .at("/content/0/text")
                        .asText())
                .endsWith("It is 7");
        assertThat(json(
                                "/v1beta/models/sandbox-small:generateContent",
                                "{'contents':[{'role':'user','parts':[{'functionResponse':{'name':'look','response':{'n':7}}}]}]}")
                        .at("/candidates/0/content/parts/0/text")
                        .asText())
                .endsWith("{\"n\":7}");
    }

    @Test
    void maxTokens_areKept_andTheCutIsTold() throws Exception {
        JsonNode chat = json(
                "/v1/chat/completions",
                "{'model':'sandbox-small','max_completion_tokens':3,'messages':[{'role':'user','content':'Hello'}]}");
        JsonNode responses = json("/v1/responses", "{'model':'sandbox-small','max_output_tokens':3,'input':'Hello'}");
        JsonNode messages = json(
                "/v1/messages",
                "{'model':'sandbox-small','max_tokens':3,'messages':[{'role':'user','content':'use the tool'}],'tools':[{'name':'t'}]}");

        assertThat(chat.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(chat.at("/usage/completion_tokens").asInt()).isEqualTo(3);
        assertThat(responses.path("status").asText()).isEqualTo("incomplete");
        assertThat(responses.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(messages.at("/usage/output_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void cut_throughASurrogatePair_leavesWholeCharacters() throws Exception {
        String prompt = "😀".repeat(300);
        for (int most = 15; most < 20; most++) {
            String answer = json(
                            "/v1/chat/completions",
                            "{'model':'sandbox-small','max_tokens':" + most + ",'messages':[{'role':'user','content':'"
                                    + prompt + "'}]}")
                    .at("/choices/0/message/content")
                    .asText();

            assertThat(answer).doesNotContain("?", "\uFFFD");
        }
    }

    @Test
    void models_thatFail_failAsTheySay() throws Exception {
        String down = "{'model':'sandbox-down','max_tokens':9,'messages':[]}";
        String flaky = down.replace("down", "flaky");

        assertThat(send("/v1/chat/completions", down).statusCode()).isEqualTo(503);
        assertThat(send("/v1/messages", down).body()).contains("\"type\":\"error\"");
        List<Integer> statuses = List.of(
                send("/v1/chat/completions", flaky).statusCode(),
                send("/v1/chat/completions", flaky).statusCode(),
                send("/v1/chat/completions", flaky).statusCode());
        assertThat(statuses).containsExactly(500, 200, 500);
        assertThat(send("/v1/chat/completions", "{'model':'gpt'}").statusCode()).isEqualTo(404);
    }

    @Test
    void rest_ofTheEndpoints_answers() throws Exception {
        assertThat(json("/v1/models", null).at("/data/0/id").asText()).isEqualTo("sandbox-small");
        assertThat(json("/v1beta/models", null).at("/models/0/name").asText()).isEqualTo("models/sandbox-small");
        assertThat(json("/v1/messages/count_tokens", "{'model':'sandbox-small','messages':[]}")
                        .path("input_tokens")
                        .asInt())
                .isPositive();
        assertThat(json("/v1beta/models/sandbox-small:countTokens", "{'contents':[]}")
                        .path("totalTokens")
                        .asInt())
                .isPositive();
        assertThat(json("/v1beta/models/sandbox-embedding:embedContent", "{'content':{'parts':[{'text':'a'}]}}")
                        .at("/embedding/values"))
                .hasSize(16);
        JsonNode embeddings = json("/v1/embeddings", "{'model':'sandbox-embedding','input':['a','b','a']}");
        assertThat(embeddings.at("/data/0/embedding")).isEqualTo(embeddings.at("/data/2/embedding"));
        assertThat(embeddings.at("/data/0/embedding")).isNotEqualTo(embeddings.at("/data/1/embedding"));
        assertThat(json("/v1beta/models/sandbox-small:streamGenerateContent", "{'contents':[]}")
                        .isArray())
                .isTrue();
        assertThat(send("/v1/nowhere", "{}").statusCode()).isEqualTo(404);
        assertThat(send("/v1/chat/completions", "no json").statusCode()).isEqualTo(400);
    }
}
