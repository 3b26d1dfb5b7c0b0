package dev.tollgate.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.Packed;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that a provider might read differently, that are too large, too slow or a stranger's: 4xx, and no provider hears of them. */
class HostileBodyTest {
    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + """
                server: {limits: {body: 1MiB, open_per_key: 3, decompression_ratio: 100}}
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    static Stream<Arguments> jsonOnEveryWire() {
        List<String> hostile = List.of(
                "{\"model\":\"x\",\"model\":\"y\"",
                "{\"a\":{\"b\":1,\"b\":2}",
                "{/* c */\"a\":1",
                "{\"a\":1,",
                "{\"a\":NaN",
                "{\"a\":01",
                "{\"a\":'b'",
                "{\"a\":\"\u00c3(\"",
                "{\"a\":\"\u00c0\u00af\"",
                "{\"a\":\"\u00ed\u00a0\u0080\"",
                "{\"a\":\"\\ud800\"",
                "{\"a\":\"\u0001\"",
                "{\"a\":" + "[".repeat(101) + "]".repeat(101),
                "{\"a\":" + "[".repeat(100_000),
                "{\"a\":1" + "0".repeat(10_000),
                "\u00ef\u00bb\u00bf{\"a\":1",
                "{\"a\":1}x{\"b\":2");
        return Stream.of(Call.values()).flatMap(call -> hostile.stream().map(json -> Arguments.of(call, json + "}")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("jsonOnEveryWire")
    void json_readableInTwoWays_isRefusedInTheCallersWire(Call call, String json) throws Exception {
        int before = fixture.provider.heads.size();

        String answer = raw(call.path, "Content-Type: application/json\r\n", json.getBytes(ISO_8859_1));

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(answer)
                .contains(
                        switch (call) {
                            case OPENAI_CHAT, OPENAI_RESPONSES -> "\"type\":\"invalid_request_error\"";
                            case ANTHROPIC -> "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"";
                            case GEMINI -> "\"status\":\"INVALID_ARGUMENT\"";
                        });
        assertThat(answer).doesNotContain("Exception", "jackson");
        assertThat(fixture.provider.heads).hasSize(before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notObjects")
    void body_thatIsNoObject_isRefused(String json) throws Exception {
        assertThat(raw(Call.OPENAI_CHAT.path, "Content-Type: application/json\r\n", json.getBytes(UTF_8)))
                .startsWith("HTTP/1.1 400 ");
    }

    static Stream<String> notObjects() {
        return Stream.of("[]", "\"x\"", "1", "null", " ", "{", "\u0000");
    }

    static Stream<Arguments> codings() throws IOException {
        byte[] small = Call.OPENAI_CHAT.body("hello").getBytes(UTF_8);
        byte[] zeros = new byte[64 << 20];
        return Stream.of(
                Arguments.of("gzip bomb", "gzip", Packed.gzip(zeros), 413),
                Arguments.of("deflate bomb", "deflate", Packed.deflate(zeros), 413),
                Arguments.of("zstd bomb", "zstd", Zstd.compress(zeros), 413),
                Arguments.of("truncated gzip", "gzip", half(Packed.gzip(small)), 400),
                Arguments.of("truncated zstd", "zstd", half(Zstd.compress(small)), 400),
                Arguments.of(
                        "two members, the second a bomb", "gzip", joined(Packed.gzip(small), Packed.gzip(zeros)), 4),
                Arguments.of("a lie", "gzip", small, 400),
                Arguments.of("unknown", "br", small, 415),
                Arguments.of("two", "gzip, gzip", Packed.gzip(Packed.gzip(small)), 415));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codings")
    void codedBody_hostile_isRefused(String name, String coding, byte[] body, int status) throws Exception {
        int before = fixture.provider.heads.size();

        String answer = raw(
                Call.OPENAI_CHAT.path, "Content-Type: application/json\r\nContent-Encoding: " + coding + "\r\n", body);

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(fixture.provider.heads).hasSize(before);
    }

    @Test
    void codedBody_sound_arrivesPlain() throws Exception {
        String body = Call.OPENAI_CHAT.body("packed");
        for (String coding : List.of("gzip", "deflate", "zstd")) {
            byte[] packed = switch (coding) {
                case "gzip" -> Packed.gzip(body.getBytes(UTF_8));
                case "deflate" -> Packed.deflate(body.getBytes(UTF_8));
                default -> Zstd.compress(body.getBytes(UTF_8));
            };

            String answer = raw(
                    Call.OPENAI_CHAT.path,
                    "Content-Type: application/json\r\nContent-Encoding: " + coding + "\r\n",
                    packed);

            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(fixture.provider.bodies.getLast()).isEqualTo(body);
            assertThat(fixture.provider.heads.getLast().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("content-encoding");
        }
    }

    @Test
    void body_overTheLimit_isRefusedEarly() throws Exception {
        try (RawClient declared = new RawClient(fixture.gateway.port);
                RawClient chunked = new RawClient(fixture.gateway.port)) {
            boolean sent = declared.write(head(Call.OPENAI_CHAT.path, "Content-Length: 314572800\r\n"));
            assertThat(sent).isTrue();
            assertThat(declared.readToEnd()).startsWith("HTTP/1.1 413 ").contains("1MiB");

            boolean more = chunked.write(head(Call.OPENAI_CHAT.path, "Transfer-Encoding: chunked\r\n"));
            for (int i = 0; more && i < 64; i++) {
                more = chunked.write("10000\r\n" + " ".repeat(0x10000) + "\r\n");
            }
            assertThat(chunked.readToEnd()).startsWith("HTTP/1.1 413 ").contains("1MiB");
        }
    }

    @Test
    void stranger_withAHugeBody_isRefusedWithoutReadingIt() throws Exception {
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            boolean more = client.write("POST /v1/openai/chat/completions HTTP/1.1\r\nHost: a\r\n"
                    + "Authorization: Bearer tg_" + "x".repeat(43) + "\r\nContent-Length: 1000000\r\n\r\n");
            long sent = 0;
            for (int i = 0; more && i < 15; i++) {
                more = client.write(" ".repeat(65_536));
                sent += more ? 65_536 : 0;
            }

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 401 ").contains("invalid_api_key");
            assertThat(sent).isLessThanOrEqualTo(15 * 65_536);
        }
    }

    static Stream<Arguments> turnedAway() {
        return Stream.of(
                Arguments.of("GET", "/", 404),
                Arguments.of("POST", "/v2/anything", 404),
                Arguments.of("POST", "/v1/nobody/chat/completions", 404),
                Arguments.of("GET", "/v1/chat/completions", 405),
                Arguments.of("DELETE", "/v1/models", 405),
                Arguments.of("POST", "/v1/openai/../anthropic/messages", 400),
                Arguments.of("POST", "/v1/openai/%2e%2e/x", 400),
                Arguments.of("POST", "/v1/openai/chat%00completions", 400),
                Arguments.of("POST", "/v1/openai/a%zz", 400));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("turnedAway")
    void request_toNowhere_isTurnedAway(String method, String path, int status) throws Exception {
        int before = fixture.provider.heads.size();
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                    + fixture.gateway.key + "\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 " + status + " ");
        }
        assertThat(fixture.provider.heads).hasSize(before);
    }

    @Test
    void webSocketUpgrade_isAnswered426AtOnce() throws Exception {
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(String.join(
                    "\r\n",
                    "GET /v1/responses HTTP/1.1",
                    "Host: a",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                    "",
                    ""));

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 426 ");
        }
    }

    @Test
    void expectation_ofContinue_isMet() throws Exception {
        String body = Call.OPENAI_CHAT.body("hello");
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(
                    head(Call.OPENAI_CHAT.path, "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n"));
            String interim = client.readUntil("\r\n\r\n");
            client.write(body);

            assertThat(interim).startsWith("HTTP/1.1 100 ");
            assertThat(client.readUntil("fine")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void calls_beyondOpenPerKey_areRefusedUntilOneEnds() throws Exception {
        CountDownLatch arrived = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        fixture.provider.on("parks", turn -> {
            arrived.countDown();
            go.await();
            turn.json(200, ScriptedProvider.COMPLETION);
        });
        List<CompletableFuture<Answer>> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(CompletableFuture.supplyAsync(() -> post("parks")));
        }
        arrived.await();

        Answer fourth = post("");
        go.countDown();

        assertThat(fourth.status()).isEqualTo(429);
        assertThat(fourth.body()).contains("open_per_key", "rate_limit_exceeded");
        assertThat(Integer.parseInt(fourth.header("retry-after"))).isBetween(1, 60);
        for (CompletableFuture<Answer> call : open) {
            assertThat(call.get().status()).isEqualTo(200);
        }
        assertThat(post("").status()).isEqualTo(200);
    }

    private static Answer post(String script) {
        try {
            return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", script);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String head(String path, String fields) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + fixture.gateway.key
                + "\r\nConnection: close\r\n" + fields + "\r\n";
    }

    private static String raw(String path, String fields, byte[] body) throws IOException {
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(head(path, fields + "Content-Length: " + body.length + "\r\n"));
            client.write(body);
            return client.readToEnd();
        }
    }

    private static byte[] half(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
