package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.wire.AwsMessages;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bedrock's calls, which have no wire of their own: searched, replaced and put back as all others, in binary events too. */
class BedrockScanTest {
    private static final String SECRET = "AKIA" + "Q3ZT7PLW2VKD5YHN";
    private static final String MAIL = "jane.porter@" + "acme-mail.com";
    private static final String MODEL = "/v1/bedrock/model/amazon.nova-2-lite-v1:0/";
    private static final String TYPE = "application/vnd.amazon.eventstream";

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + """
                  bedrock: {base_url: "PROVIDER", auth: bearer, credential: "sk-test"}
                scan: {personal: restore, replies: {secrets: block}}
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private static String body(String messages) {
        return "{\"system\":[{\"text\":\"be brief\"}],\"messages\":[" + messages
                + "],\"inferenceConfig\":{\"maxTokens\":50}}";
    }

    private static String message(String role, String block) {
        return "{\"role\":\"" + role + "\",\"content\":[" + block + "]}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"@\"}",
                "{\"toolResult\":{\"toolUseId\":\"t\",\"content\":[{\"text\":\"@\"}]}}",
                "{\"toolResult\":{\"toolUseId\":\"t\",\"content\":[{\"json\":{\"key\":\"@\"}}]}}",
                "{\"document\":{\"format\":\"txt\",\"name\":\"d\",\"source\":{\"text\":\"@\"}}}",
            })
    void secret_inANewTurn_isBlocked_andInAnOldOneReplaced(String block) throws Exception {
        String with = message("user", block.replace("@", "it is " + SECRET));
        int before = fixture.provider.bodies.size();

        Answer blocked = fixture.post(MODEL + "converse", body(with));
        Answer passed = fixture.post(
                MODEL + "converse",
                body(with + "," + message("assistant", "{\"text\":\"no\"}") + ","
                        + message("user", "{\"text\":\"go on\"}")));

        assertThat(blocked.status()).isGreaterThanOrEqualTo(400);
        assertThat(blocked.body()).contains("a secret at messages[0]").doesNotContain(SECRET);
        assertThat(passed.status()).isEqualTo(200);
        assertThat(fixture.provider.bodies).hasSize(before + 1);
        assertThat(fixture.provider.bodies.getLast()).contains("[AWS_KEY_ID_").doesNotContain(SECRET);
    }

    @Test
    void secret_inABodyOfTheModelsOwn_isBlocked() throws Exception {
        Answer blocked = fixture.post(
                MODEL + "invoke",
                "{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + SECRET + "\"}]}");

        assertThat(blocked.body()).contains("a secret at messages[0].content");
    }

    private static byte[] converse(List<String> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(AwsMessages.event("messageStart", "{\"role\":\"assistant\",\"p\":\"abc\"}"));
        for (String piece : pieces) {
            all.writeBytes(AwsMessages.event(
                    "contentBlockDelta",
                    "{\"contentBlockIndex\":0,\"delta\":{\"text\":" + EchoScripts.quoted(piece)
                            + "},\"p\":\"abcdef\"}"));
        }
        all.writeBytes(AwsMessages.event("contentBlockStop", "{\"contentBlockIndex\":0,\"p\":\"a\"}"));
        all.writeBytes(AwsMessages.event("messageStop", "{\"stopReason\":\"end_turn\"}"));
        all.writeBytes(
                AwsMessages.event("metadata", "{\"usage\":{\"inputTokens\":4,\"outputTokens\":1,\"totalTokens\":5}}"));
        return all.toByteArray();
    }

    private static Answer stream(String call, String user, byte[] reply, String type) throws Exception {
        fixture.provider.on("stream", turn -> {
            turn.streamHead(type);
            turn.chunk(reply);
            turn.send("0\r\n\r\n");
        });
        return fixture.post(MODEL + call, body(message("user", "{\"text\":\"" + user + "\"}")), "x-script", "stream");
    }

    private static String text(Answer answer) {
        StringBuilder text = new StringBuilder();
        for (AwsMessages.Message message : AwsMessages.readAll(answer.bytes())) {
            text.append(EchoScripts.read(message.payload()).at("/delta/text").asText());
        }
        return text.toString();
    }

    @Test
    void secret_splitOverBinaryEvents_neverReachesTheClient() throws Exception {
        for (int at = 1; at < SECRET.length(); at++) {
            byte[] reply =
                    converse(List.of("Have a look: ", SECRET.substring(0, at), SECRET.substring(at), " there it is"));

            Answer answer = stream("converse-stream", "hello", reply, TYPE);

            assertThat(text(answer)).doesNotContain("AKI");
            assertThat(answer.body()).contains("a secret in the reply").doesNotContain(SECRET.substring(16));
        }
    }

    @Test
    void cleanBinaryStream_passesByteForByte() throws Exception {
        byte[] reply = converse(List.of("nothing ", "to see ", "here"));

        assertThat(stream("converse-stream", "hello", reply, TYPE).bytes()).isEqualTo(reply);
    }

    @Test
    void placeholder_inBinaryEvents_isPutBack_withItsChecksums() throws Exception {
        fixture.provider.on("echo", turn -> {
            String said = EchoScripts.read(turn.body())
                    .at("/messages/0/content/0/text")
                    .asText();
            assertThat(said).doesNotContain(MAIL);
            turn.streamHead(TYPE);
            turn.chunk(converse(List.of("It is ", said.substring(0, 9), said.substring(9), ".")));
            turn.send("0\r\n\r\n");
        });

        Answer answer = fixture.post(
                MODEL + "converse-stream", body(message("user", "{\"text\":\"" + MAIL + "\"}")), "x-script", "echo");

        assertThat(text(answer)).isEqualTo("It is " + MAIL + ".");
    }

    @Test
    void placeholder_inWrappedEvents_isPutBack() throws Exception {
        fixture.provider.on("echo", turn -> {
            String said = EchoScripts.read(turn.body())
                    .at("/messages/0/content/0/text")
                    .asText();
            String inner =
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"to "
                            + said + "\"}}";
            String wrapped = Base64.getEncoder().encodeToString(inner.getBytes(StandardCharsets.UTF_8));
            turn.streamHead(TYPE);
            turn.chunk(AwsMessages.event("chunk", "{\"bytes\":\"" + wrapped + "\",\"p\":\"abc\"}"));
            turn.send("0\r\n\r\n");
        });

        Answer answer = fixture.post(
                MODEL + "invoke-with-response-stream",
                body(message("user", "{\"text\":\"" + MAIL + "\"}")),
                "x-script",
                "echo");

        String payload = AwsMessages.readAll(answer.bytes()).getFirst().payload();
        String inner = new String(
                Base64.getDecoder()
                        .decode(EchoScripts.read(payload).path("bytes").asText()),
                StandardCharsets.UTF_8);
        assertThat(EchoScripts.read(inner).at("/delta/text").asText()).isEqualTo("to " + MAIL);
    }

    @Test
    void replyThatCannotBeRead_isRefused() throws Exception {
        byte[] noMessages = ("this is no event " + SECRET).getBytes(StandardCharsets.UTF_8);

        assertThat(stream("converse-stream", "hello", noMessages, TYPE).body())
                .contains("larger than what can be scanned")
                .doesNotContain(SECRET);
        assertThat(stream("invoke", "hello", noMessages, "application/octet-stream")
                        .body())
                .contains("cannot be scanned")
                .doesNotContain(SECRET);
    }
}
