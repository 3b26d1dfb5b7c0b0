package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.Numbered;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A secret and an address in replies, split between events at every place, in every text of every wire: neither may reach the client. */
class ReplyMatrixTest {
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";
    private static final String MAIL = "jane.porter@" + "acme-mail.com";
    private static final String BEFORE = "Here is what you asked for, have a look at it: ";

    /** A text of a wire's stream: @ stands for a piece as the content of a JSON string. */
    enum Channel {
        CHAT_TEXT(Call.OPENAI_CHAT, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"@\"}}]}"),
        CHAT_SECOND_CHOICE(Call.OPENAI_CHAT, "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"@\"}}]}"),
        CHAT_REASONING(Call.OPENAI_CHAT, "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"@\"}}]}"),
        CHAT_REFUSAL(Call.OPENAI_CHAT, "{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"@\"}}]}"),
        CHAT_ARGUMENTS_OF_SECOND_CHOICE(
                Call.OPENAI_CHAT,
                "{\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"@\"}}]}}]}"),
        CHAT_ARGUMENTS(
                Call.OPENAI_CHAT,
                "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"@\"}}]}}]}"),
        RESPONSES_TEXT(
                Call.OPENAI_RESPONSES,
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"@\"}"),
        RESPONSES_ARGUMENTS(
                Call.OPENAI_RESPONSES,
                "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"f\",\"output_index\":1,\"delta\":\"@\"}"),
        RESPONSES_SECOND_PART(
                Call.OPENAI_RESPONSES,
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":1,\"delta\":\"@\"}"),
        RESPONSES_CUSTOM_TOOL_INPUT(
                Call.OPENAI_RESPONSES,
                "{\"type\":\"response.custom_tool_call_input.delta\",\"item_id\":\"f\",\"output_index\":1,\"delta\":\"@\"}"),
        RESPONSES_REASONING(
                Call.OPENAI_RESPONSES,
                "{\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"r\",\"output_index\":0,\"summary_index\":0,\"delta\":\"@\"}"),
        MESSAGES_TEXT(
                Call.ANTHROPIC,
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"@\"}}"),
        MESSAGES_SECOND_BLOCK(
                Call.ANTHROPIC,
                "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"text_delta\",\"text\":\"@\"}}"),
        MESSAGES_THINKING(
                Call.ANTHROPIC,
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"@\"}}"),
        MESSAGES_TOOL_INPUT(
                Call.ANTHROPIC,
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"@\"}}"),
        GEMINI_TEXT(
                Call.GEMINI,
                "{\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"@\"}]}}]}"),
        GEMINI_SECOND_CANDIDATE(
                Call.GEMINI,
                "{\"candidates\":[{\"index\":1,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"@\"}]}}]}"),
        GEMINI_STREAMED_ARGUMENTS(
                Call.GEMINI,
                "{\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.to\",\"stringValue\":\"@\"}],\"willContinue\":true}}]}}]}"),
        GEMINI_THOUGHT(
                Call.GEMINI,
                "{\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"thought\":true,\"text\":\"@\"}]}}]}");

        private final Call call;
        private final String event;

        Channel(Call call, String event) {
            this.call = call;
            this.event = event;
        }

        String event(String piece) {
            String name = call == Call.ANTHROPIC
                    ? "event: content_block_delta\n"
                    : call == Call.OPENAI_RESPONSES ? "event: x\n" : "";
            return name + "data: " + event.replace("@", piece) + "\n\n";
        }

        String end() {
            return switch (call) {
                case OPENAI_CHAT ->
                    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
                case OPENAI_RESPONSES ->
                    "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"object\":\"response\","
                            + "\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":3}}}\n\n";
                case ANTHROPIC ->
                    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                            + "\"usage\":{\"output_tokens\":3}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
                case GEMINI ->
                    "data: {\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"text\":\".\"}]},\"finishReason\":\"STOP\"}],"
                            + "\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":3}}\n\n";
            };
        }

        /** What the client has of this text, events and their borders taken away. */
        String read(String body) {
            String[] around = event.split("@", 2);
            StringBuilder read = new StringBuilder();
            int at = body.indexOf(around[0]);
            while (at >= 0) {
                int end = body.indexOf(around[1], at);
                read.append(body, at + around[0].length(), end);
                at = body.indexOf(around[0], end);
            }
            return read.toString();
        }
    }

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + """
                scan: {replies: {secrets: block, personal: redact}}
                server: {limits: {open_per_key: 1000}}
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private static Answer stream(Channel channel, List<String> events) throws Exception {
        String script = "reply-" + channel;
        fixture.provider.on(script, turn -> {
            turn.streamHead();
            for (String event : events) {
                turn.chunk(event);
            }
            turn.chunk("");
        });
        return fixture.post(channel.call.streamingPath(), channel.call.streaming("hello"), "x-script", script);
    }

    private static List<String> split(Channel channel, String text, int at) {
        return List.of(
                channel.event(BEFORE),
                channel.event(text.substring(0, at)),
                channel.event(text.substring(at)),
                channel.event(" and that is all of it."),
                channel.end());
    }

    @ParameterizedTest
    @EnumSource(Channel.class)
    void secret_splitAnywhere_neverReachesTheClient(Channel channel) throws Exception {
        for (int at = 1; at < SECRET.length(); at++) {
            Answer answer = stream(channel, split(channel, SECRET, at));

            assertThat(answer.body()).as("split at %d", at).doesNotContain(SECRET.substring(0, 5));
            assertThat(answer.body()).doesNotContain(SECRET.substring(SECRET.length() - 5));
            assertThat(answer.body()).contains("found a secret in the reply");
            assertThat(answer.whole()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Channel.class)
    void secret_characterByCharacter_neverReachesTheClient(Channel channel) throws Exception {
        List<String> events = new java.util.ArrayList<>();
        (BEFORE + SECRET + " and more of it").chars().forEach(c -> events.add(channel.event(String.valueOf((char) c))));
        events.add(channel.end());

        Answer answer = stream(channel, events);

        assertThat(channel.read(answer.body())).doesNotContain("AKIA");
        assertThat(answer.body()).contains("found a secret in the reply");
    }

    @ParameterizedTest
    @EnumSource(Channel.class)
    void address_splitAnywhere_isMasked(Channel channel) throws Exception {
        for (int at = 1; at < MAIL.length(); at++) {
            Answer answer = stream(channel, split(channel, MAIL, at));

            assertThat(Numbered.in(channel.read(answer.body())))
                    .as("split at %d", at)
                    .startsWith(BEFORE + "[EMAIL_1] and that is all of it.");
            assertThat(answer.body()).endsWith(channel.end());
        }
    }

    @ParameterizedTest
    @EnumSource(Channel.class)
    void cleanStream_isByteIdentical(Channel channel) throws Exception {
        List<String> events = new java.util.ArrayList<>(IntStream.range(0, 200)
                .mapToObj(i -> channel.event("word " + i + ", "))
                .toList());
        events.add(": a comment\n\n");
        events.add(channel.end());

        Answer answer = stream(channel, events);

        assertThat(answer.body()).isEqualTo(String.join("", events));
    }

    @Test
    void document_withASecret_isRefusedAndWithAnAddressMasked() throws Exception {
        String completion =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                        + "\"assistant\",\"content\":\"it is %s.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
        fixture.provider.on("secret-document", turn -> turn.json(200, completion.formatted(SECRET)));
        fixture.provider.on("mail-document", turn -> turn.json(200, completion.formatted(MAIL)));
        fixture.provider.on("clean-document", turn -> turn.json(200, completion.formatted("fine")));
        Call call = Call.OPENAI_CHAT;

        Answer refused = fixture.post(call.path, call.body("hi"), "x-script", "secret-document");
        Answer masked = fixture.post(call.path, call.body("hi"), "x-script", "mail-document");
        Answer clean = fixture.post(call.path, call.body("hi"), "x-script", "clean-document");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).doesNotContain("AKIA").contains("secret in the reply");
        assertThat(Numbered.in(masked.body())).isEqualTo(completion.formatted("[EMAIL_1]"));
        assertThat(clean.body()).isEqualTo(completion.formatted("fine"));
    }

    /** Longer ones are searched on a worker. */
    @Test
    void longDocument_withASecretAtItsEnd_isRefused_andACleanOnePasses() throws Exception {
        Call call = Call.OPENAI_CHAT;
        String much = "All is well here today. ".repeat(6000);
        String document =
                "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                        + much + "%s\"},\"finish_reason\":\"stop\"}]}";
        fixture.provider.on("long-secret", turn -> turn.json(200, document.formatted(SECRET)));
        fixture.provider.on("long-clean", turn -> turn.json(200, document.formatted("fine")));

        Answer refused = fixture.post(call.path, call.body("hi"), "x-script", "long-secret");
        Answer clean = fixture.post(call.path, call.body("hi"), "x-script", "long-clean");

        assertThat(refused.body())
                .doesNotContain(SECRET)
                .doesNotContain("All is well")
                .contains("in the reply");
        assertThat(clean.body()).isEqualTo(document.formatted("fine"));
    }

    @Test
    void arrayThatGrows_isSearchedElementByElement() throws Exception {
        String element = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"%s\"}]}}]}";
        String end = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\".\"}]},\"finishReason\":\"STOP\"}],"
                + "\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":1}}]";
        String path = "/v1/gemini/models/gemini-2.5-flash:streamGenerateContent";
        for (String said : List.of(SECRET, MAIL, "nothing at all")) {
            List<String> pieces = List.of(
                    "[" + element.formatted("it is " + said.substring(0, 6)),
                    ",\n" + element.formatted(said.substring(6) + " there"),
                    ",\n" + end);
            fixture.provider.on("array", turn -> {
                turn.streamHead("application/json");
                for (String piece : pieces) {
                    turn.chunk(piece);
                }
                turn.chunk("");
            });

            Answer answer = fixture.post(path, Call.GEMINI.body("hi"), "x-script", "array");

            if (said.equals(SECRET)) {
                assertThat(answer.body()).doesNotContain("AKIA").contains("secret in the reply");
            } else if (said.equals(MAIL)) {
                assertThat(Numbered.in(answer.body()))
                        .contains("it is [EMAIL_1]")
                        .doesNotContain("acme-mail");
            } else {
                assertThat(answer.body()).isEqualTo(String.join("", pieces));
            }
        }
    }

    @Test
    void documentWhereAStreamWasAsked_isSearchedWhole() throws Exception {
        String completion = "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"is "
                + SECRET + "\"},\"finish_reason\":\"stop\"}]}";
        fixture.provider.on("chunked-document", turn -> {
            turn.streamHead("application/json");
            turn.chunk(completion.substring(0, 90));
            turn.chunk(completion.substring(90));
            turn.chunk("");
        });

        Answer answer =
                fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hi"), "x-script", "chunked-document");

        assertThat(answer.body()).doesNotContain("AKIA").contains("secret in the reply");
    }

    @ParameterizedTest
    @EnumSource(Channel.class)
    void text_leavesAtMostOneWindowLate(Channel channel) throws Exception {
        java.util.concurrent.CountDownLatch seen = new java.util.concurrent.CountDownLatch(1);
        String script = "late-" + channel;
        fixture.provider.on(script, turn -> {
            turn.streamHead();
            for (int i = 0; i < 100; i++) {
                turn.chunk(channel.event("plain words "));
            }
            // The rest comes only when the client has seen something: else this hangs.
            seen.await();
            turn.chunk(channel.end());
            turn.chunk("");
        });

        Answer answer = fixture.send(
                "POST",
                channel.call.streamingPath(),
                channel.call.streaming("hi").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                Map.of(
                        "authorization",
                        "Bearer " + fixture.gateway.key,
                        "content-type",
                        "application/json",
                        "x-script",
                        script),
                seen::countDown);

        assertThat(answer.whole()).isTrue();
    }

    /** Where a block begins with a text, what comes then goes on with it. */
    @Test
    void secret_splitBetweenABlocksBeginningAndItsText_neverReachesTheClient() throws Exception {
        fixture.provider.on("begun", turn -> {
            turn.streamHead();
            turn.chunk(
                    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"it is "
                            + SECRET.substring(0, 9) + "\"}}\n\n");
            turn.chunk(Channel.MESSAGES_TEXT.event(SECRET.substring(9) + " there"));
            turn.chunk(Channel.MESSAGES_TEXT.end());
            turn.chunk("");
        });

        Answer answer = fixture.post(Call.ANTHROPIC.path, Call.ANTHROPIC.streaming("hi"), "x-script", "begun");

        assertThat(answer.body()).doesNotContain("AKIA").contains("secret in the reply");
    }

    /** A thought between two halves of a text is no part of it. */
    @Test
    void secret_splitAroundAThought_neverReachesTheClient() throws Exception {
        fixture.provider.on("around", turn -> {
            turn.streamHead();
            turn.chunk(Channel.GEMINI_TEXT.event("it is " + SECRET.substring(0, 9)));
            turn.chunk(Channel.GEMINI_THOUGHT.event("hm hm"));
            turn.chunk(Channel.GEMINI_TEXT.event(SECRET.substring(9) + " there"));
            turn.chunk(Channel.GEMINI_TEXT.end());
            turn.chunk("");
        });

        Answer answer = fixture.post(Call.GEMINI.streamingPath(), Call.GEMINI.streaming("hi"), "x-script", "around");

        assertThat(answer.body()).doesNotContain("AKIA").contains("secret in the reply");
    }
}
