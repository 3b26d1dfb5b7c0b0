package dev.tollgate.http;

import static dev.tollgate.RawHttp2Client.CONTINUATION;
import static dev.tollgate.RawHttp2Client.DATA;
import static dev.tollgate.RawHttp2Client.END_HEADERS;
import static dev.tollgate.RawHttp2Client.END_STREAM;
import static dev.tollgate.RawHttp2Client.GOAWAY;
import static dev.tollgate.RawHttp2Client.HEADERS;
import static dev.tollgate.RawHttp2Client.RST_STREAM;
import static dev.tollgate.RawHttp2Client.block;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.MemoryGateway;
import dev.tollgate.RawHttp2Client;
import dev.tollgate.RawHttp2Client.Frame;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.SelfSigned;
import dev.tollgate.StreamScripts;
import io.vertx.core.Vertx;
import java.io.EOFException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 over TLS: clients are served, and what HTTP/1.1 would never let through does not get in this way. */
class HostileHttp2Test {
    private static final String BODY = Call.OPENAI_CHAT.body("hello");

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static ScriptedProvider provider;
    private static SelfSigned tls;
    private static MemoryGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        provider = new ScriptedProvider();
        provider.on("stream", turn -> StreamScripts.play(turn, Call.OPENAI_CHAT));
        tls = new SelfSigned(Files.createDirectory(folder.resolve("tls")));
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.writeString(bundle.resolve("policy.yaml"), """
                providers: {openai: {base_url: "http://127.0.0.1:%d/v1", credential: "sk-test"}}
                server: {limits: {head: 16KiB, header_count: 50}}
                """.formatted(provider.port));
        gateway = new MemoryGateway(
                vertx,
                bundle,
                List.of(
                        "server.data_plane.port=0",
                        "server.data_plane.certificate=" + tls.certificate,
                        "server.data_plane.private_key=" + tls.privateKey),
                name -> null,
                "http://127.0.0.1:9");
    }

    @AfterAll
    static void stop() throws Exception {
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static HttpResponse<String> post(String script, String body) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls.clients).build()) {
            HttpRequest call = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + gateway.port + Call.OPENAI_CHAT.path))
                    .timeout(Duration.ofSeconds(20))
                    .header("authorization", "Bearer " + gateway.key)
                    .header("content-type", "application/json")
                    .header("x-script", script)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(call, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void calls_overHttp2_areServed() throws Exception {
        HttpResponse<String> document = post("", BODY);
        HttpResponse<String> stream = post("stream", Call.OPENAI_CHAT.streaming("hello"));

        assertThat(document.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(document.body()).isEqualTo(ScriptedProvider.COMPLETION);
        assertThat(stream.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void head_ofTheSameMake_butSound_isServed() throws Exception {
        try (RawHttp2Client client = new RawHttp2Client(tls.clients, gateway.port)) {
            client.frame(HEADERS, END_HEADERS, 1, request(Call.OPENAI_CHAT.path, "x-a", "b\tc"));
            client.frame(DATA, END_STREAM, 1, BODY.getBytes(UTF_8));

            assertThat(client.statusOf(1)).isEqualTo(200);
        }
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                head("CR in a value", "x-a", "b\rc"),
                head("LF in a value", "x-a", "b\nx-b: c"),
                head("NUL in a value", "x-a", "b\0c"),
                head("DEL in a value", "x-a", "b\u007fc"),
                head("upper case in a name", "X-A", "b"),
                head("colon in a name", "x:a", "b"),
                head("blank in a name", "x a", "b"),
                head("LF in a name", "x-a\nx-b", "c"),
                head("no name", "", "b"),
                head("connection", "connection", "close"),
                head("transfer-encoding", "transfer-encoding", "chunked"),
                head("upgrade", "upgrade", "websocket"),
                head("two lengths", "content-length", "1", "content-length", "2"),
                head("a pseudo field after others", "x-a", "b", ":path", "/v1/models"),
                head("an unknown pseudo field", ":smuggled", "x"),
                head("an enormous value", "x-a", "y".repeat(20_000)));
    }

    private static Arguments head(String name, String... fields) {
        return Arguments.of(name, fields);
    }

    private static byte[] request(String path, String... more) {
        String[] usual = {
            ":method",
            "POST",
            ":scheme",
            "https",
            ":authority",
            "127.0.0.1",
            ":path",
            path,
            "authorization",
            "Bearer " + gateway.key,
            "content-type",
            "application/json"
        };
        String[] all = java.util.Arrays.copyOf(usual, usual.length + more.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return block(all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void head_thatHttp1CouldNotCarry_isRefused(String name, String[] fields) throws Exception {
        int before = provider.heads.size();
        try (RawHttp2Client client = new RawHttp2Client(tls.clients, gateway.port)) {
            byte[] head = request(Call.OPENAI_CHAT.path, fields);
            int cut = Math.min(head.length, 16_000);
            boolean isWhole = cut == head.length;
            client.frame(HEADERS, isWhole ? END_HEADERS : 0, 1, java.util.Arrays.copyOf(head, cut));
            if (!isWhole) {
                client.frame(CONTINUATION, END_HEADERS, 1, java.util.Arrays.copyOfRange(head, cut, head.length));
            }
            client.frame(DATA, END_STREAM, 1, BODY.getBytes(UTF_8));

            assertThat(client.statusOf(1)).isIn(-1, 400, 431);
        } catch (SocketException closed) {
            // Closed while we were still sending is a refusal too.
        }
        assertThat(provider.heads).hasSize(before);
    }

    static Stream<String> paths() {
        return Stream.of(
                "",
                "*",
                "v1/models",
                "http://evil.example/v1/models",
                "/v1/mo dels",
                "/v1/a\nb",
                "/v1/a#b",
                "/" + "a".repeat(9000));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void path_malformed_isRefused(String path) throws Exception {
        int before = provider.heads.size();
        try (RawHttp2Client client = new RawHttp2Client(tls.clients, gateway.port)) {
            client.frame(HEADERS, END_HEADERS | END_STREAM, 1, request(path));

            assertThat(client.statusOf(1)).isIn(-1, 400, 404, 414, 431);
        }
        assertThat(provider.heads).hasSize(before);
    }

    @Test
    void bodyLongerThanItsLength_isRefused() throws Exception {
        int before = provider.heads.size();
        try (RawHttp2Client client = new RawHttp2Client(tls.clients, gateway.port)) {
            client.frame(HEADERS, END_HEADERS, 1, request(Call.OPENAI_CHAT.path, "content-length", "5"));
            client.frame(DATA, END_STREAM, 1, BODY.getBytes(UTF_8));

            assertThat(client.statusOf(1)).isIn(-1, 400);
        }
        assertThat(provider.heads).hasSize(before);
    }

    @Test
    void streamsOpenedAndResetAtOnce_endTheConnection_andNobodyElse() throws Exception {
        boolean ended = false;
        try (RawHttp2Client client = new RawHttp2Client(tls.clients, gateway.port)) {
            byte[] head = request(Call.OPENAI_CHAT.path);
            for (int stream = 1; stream < 2000; stream += 2) {
                client.frame(HEADERS, END_HEADERS, stream, head);
                client.frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
            }
            while (!ended) {
                Frame frame = client.read();
                ended = frame.type() == GOAWAY;
            }
        } catch (SocketException | EOFException | javax.net.ssl.SSLException closed) {
            ended = true;
        }

        assertThat(ended).isTrue();
        assertThat(post("", BODY).statusCode()).isEqualTo(200);
    }
}
