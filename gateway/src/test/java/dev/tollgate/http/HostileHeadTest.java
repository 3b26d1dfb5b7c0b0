package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads and framing that could be read in two ways (DESIGN §10): refused, closed, and nothing of it reaches a provider. */
class HostileHeadTest {
    private static final String BODY = Call.OPENAI_CHAT.body("hello");
    private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n";

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers() + """
                server: {limits: {head_time: 400ms, body_idle: 400ms, request_line: 2KiB, head: 8KiB, header_count: 40}}
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    static Stream<Arguments> heads() {
        String chunked = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
        return Stream.of(
                hostile("length and coding", "Host: a\r\n" + LENGTH + "Transfer-Encoding: chunked\r\n", chunked, 400),
                hostile("two lengths", "Host: a\r\n" + LENGTH + "Content-Length: 1\r\n", BODY, 400),
                hostile("the same length twice", "Host: a\r\n" + LENGTH + LENGTH, BODY, 400),
                hostile("length with a sign", "Host: a\r\nContent-Length: +" + BODY.length() + "\r\n", BODY, 400),
                hostile("length in hex", "Host: a\r\nContent-Length: 0x10\r\n", BODY, 400),
                hostile("lengths in a list", "Host: a\r\nContent-Length: 5, 5\r\n", BODY, 400),
                hostile("coding with a tab", "Host: a\r\nTransfer-Encoding:\tchunked, identity\r\n", chunked, 400),
                hostile("coding misspelt", "Host: a\r\nTransfer-Encoding: xchunked\r\n", chunked, 400),
                hostile("two codings", "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n", chunked, 400),
                hostile("blank before the colon", "Host: a\r\nContent-Length : 5\r\n", BODY, 400),
                hostile("folded line", "Host: a\r\nX-A: b\r\n c\r\n" + LENGTH, BODY, 400),
                hostile("no host", LENGTH, BODY, 400),
                hostile("two hosts", "Host: a\r\nHost: b\r\n" + LENGTH, BODY, 400),
                hostile("host with a path", "Host: a/b\r\n" + LENGTH, BODY, 400),
                hostile("NUL in a value", "Host: a\r\nX-A: b\0c\r\n" + LENGTH, BODY, 400),
                hostile("bare CR in a value", "Host: a\r\nX-A: b\rc\r\n" + LENGTH, BODY, 400),
                hostile("bare LF", "Host: a\nX-A: b\r\n" + LENGTH, BODY, 400),
                hostile("no name", "Host: a\r\n: b\r\n" + LENGTH, BODY, 400),
                hostile(
                        "chunk size with a blank",
                        "Host: a\r\nTransfer-Encoding: chunked\r\n",
                        "5 \r\nhello\r\n0\r\n\r\n",
                        400),
                hostile(
                        "chunk extension",
                        "Host: a\r\nTransfer-Encoding: chunked\r\n",
                        "5;a=b\r\nhello\r\n0\r\n\r\n",
                        400),
                hostile("negative chunk", "Host: a\r\nTransfer-Encoding: chunked\r\n", "-1\r\nhello\r\n0\r\n\r\n", 400),
                hostile(
                        "enormous chunk",
                        "Host: a\r\nTransfer-Encoding: chunked\r\n",
                        "fffffffffff\r\nhello\r\n0\r\n\r\n",
                        400),
                hostile("trailer", "Host: a\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\nX: y\r\n\r\n", 400),
                hostile("head too large", "Host: a\r\nX-A: " + "a".repeat(9000) + "\r\n" + LENGTH, BODY, 431),
                hostile("too many fields", "Host: a\r\n" + "X: y\r\n".repeat(41) + LENGTH, BODY, 431));
    }

    private static Arguments hostile(String name, String fields, String body, int status) {
        return Arguments.of(name, fields, body, status);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void head_readableInTwoWays_isRefusedAndClosed(String name, String fields, String body, int status)
            throws Exception {
        int before = fixture.provider.heads.size();
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            // When refused, what stands behind must not run: it would be the smuggled request.
            client.write("POST /v1/openai/chat/completions HTTP/1.1\r\nAuthorization: Bearer "
                    + fixture.gateway.key + "\r\nContent-Type: application/json\r\n" + fields + "\r\n" + body
                    + "GET /v1/models HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + fixture.gateway.key
                    + "\r\n\r\n");
            String answer = client.readToEnd();

            assertThat(answer).matches("(?s)HTTP/1.[01] " + status + " .*");
            assertThat(answer.lines().filter(line -> line.startsWith("HTTP/1.")))
                    .hasSize(1);
            assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .contains("connection: close", "content-type: application/json");
            assertThat(answer).doesNotContain(fixture.gateway.key, "hello", "Exception", "\tat ");
        }
        assertThat(fixture.provider.heads).hasSize(before);
    }

    static Stream<Arguments> requestLines() {
        return Stream.of(
                Arguments.of("GET http://evil.example/v1/models HTTP/1.1", 400),
                Arguments.of("GET v1/models HTTP/1.1", 400),
                Arguments.of("GET  /v1/models HTTP/1.1", 400),
                Arguments.of("GET /v1/models HTTP/1.1 ", 400),
                Arguments.of("GET /v1/models HTTP/2.0", 400),
                Arguments.of("get /v1/models HTTP/1.1", 400),
                Arguments.of("GET /v1/mod\u0001els HTTP/1.1", 400),
                Arguments.of("GET /" + "a".repeat(3000) + " HTTP/1.1", 414),
                Arguments.of("PRI * HTTP/2.0", 400),
                Arguments.of("\u0016\u0003\u0001 HTTP/1.1", 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestLines")
    void requestLine_malformed_isRefusedAndClosed(String line, int status) throws Exception {
        try (RawClient client = new RawClient(fixture.gateway.port)) {
            client.write(line + "\r\nHost: a\r\n\r\n");

            assertThat(client.readToEnd()).matches("(?s)HTTP/1.[01] " + status + " .*");
        }
    }

    @Test
    void slowSenders_ofHeadAndBody_areClosedInTime() throws Exception {
        try (RawClient head = new RawClient(fixture.gateway.port);
                RawClient body = new RawClient(fixture.gateway.port)) {
            head.write("POST /v1/openai/chat/completions HTTP/1.1\r\nHost: a\r\nX-A: ");
            body.write("POST /v1/openai/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                    + fixture.gateway.key + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

            assertThat(head.readToEnd()).matches("(?s)HTTP/1.[01] 408 .*head_time.*");
            assertThat(body.readToEnd()).matches("(?s)HTTP/1.[01] 408 .*body_idle.*");
        }
    }

    @Test
    void hostileConnections_besideACall_doNotDisturbIt() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fixture.provider.on("waits", turn -> {
            arrived.countDown();
            go.await();
            turn.json(200, ScriptedProvider.COMPLETION);
        });
        CompletableFuture<Answer> call = CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.post(Call.OPENAI_CHAT.path, BODY, "x-script", "waits");
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        arrived.await();

        for (int i = 0; i < 50; i++) {
            try (RawClient client = new RawClient(fixture.gateway.port)) {
                client.write("GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
                assertThat(client.readToEnd()).matches("(?s)HTTP/1.[01] 400 .*");
            }
        }
        go.countDown();

        assertThat(call.get().body()).isEqualTo(ScriptedProvider.COMPLETION);
    }
}
