package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.MemoryGateway;
import dev.tollgate.ScriptedProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Http2ClearTextTest {
    private static final String CHAT = "/v1/openai/chat/completions";
    private static final String ON = "server.data_plane.http2_clear_text=true";

    @TempDir
    private Path folder;

    private final ScriptedProvider provider;
    private Vertx vertx = GuardedTransport.vertx(new VertxOptions());

    Http2ClearTextTest() throws IOException {
        this.provider = new ScriptedProvider();
    }

    @AfterEach
    void close() throws Exception {
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void http2_withPriorKnowledge_isServed() throws Exception {
        MemoryGateway gateway = gateway(ON);

        Answer answer = http2(gateway, gateway.key);

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void http2_refusedBeforeItsBodyIsRead_getsAWellFormedAnswer() throws Exception {
        MemoryGateway gateway = gateway(ON);

        Answer answer = http2(gateway, "nobody");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_api_key");
    }

    @Test
    void http1_besidesHttp2_passesABodyOfManyReads() throws Exception {
        MemoryGateway gateway = gateway(ON);

        HttpResponse<String> answer = http1(gateway, HttpClient.Version.HTTP_1_1, "x".repeat(2_000_000));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void http1_whoseBodyBeginsInThePieceOfItsHead_passes() throws Exception {
        MemoryGateway gateway = gateway(ON);
        String body = body("x".repeat(200_000));

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head(gateway, body.length(), body.substring(0, 100)));
            // The rest must not be read together with the beginning.
            Thread.sleep(200);
            socket.getOutputStream().write(body.substring(100).getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void http1_thatOffersAnUpgrade_goesOnAsHttp1() throws Exception {
        MemoryGateway gateway = gateway(ON);

        HttpResponse<String> answer = http1(gateway, HttpClient.Version.HTTP_2, "hello");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void connection_thatNeverSaysWhatItSpeaks_isClosed() throws Exception {
        MemoryGateway gateway = gateway(ON, "server.limits.head_time=300ms");

        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), gateway.port)) {
            silent.setSoTimeout(10_000);
            silent.getOutputStream().write("PRI * HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void http2_byDefault_isRefused() throws Exception {
        MemoryGateway gateway = gateway();

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.")
                    .endsWith(" 400");
        }
    }

    @Test
    void start_withoutTheGuard_isRefused() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        vertx = Vertx.vertx();

        assertThatThrownBy(() -> gateway(ON)).hasStackTraceContaining("guarded transport");
    }

    private MemoryGateway gateway(String... overrides) throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), """
                providers:
                  openai: {base_url: "http://127.0.0.1:%d/v1", credential: "sk-test"}
                """.formatted(provider.port));
        List<String> all = new java.util.ArrayList<>(List.of(overrides));
        all.add("server.data_plane.port=0");
        return new MemoryGateway(vertx, folder, all, name -> null, "http://127.0.0.1:9");
    }

    private record Answer(int status, String body) {}

    private Answer http2(MemoryGateway gateway, String key) throws Exception {
        HttpClientAgent client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        RequestOptions call = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(gateway.port)
                .setURI(CHAT)
                .putHeader("authorization", "Bearer " + key)
                .putHeader("content-type", "application/json");
        Future<Answer> answer = client.request(call)
                .compose(request -> request.send(Buffer.buffer(body("hello"))))
                .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body.toString())));
        return answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static HttpResponse<String> http1(MemoryGateway gateway, HttpClient.Version version, String text)
            throws Exception {
        HttpRequest call = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + CHAT))
                .timeout(Duration.ofSeconds(20))
                .header("authorization", "Bearer " + gateway.key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(text)))
                .build();
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            return client.send(call, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static byte[] head(MemoryGateway gateway, int length, String beginning) {
        return ("POST " + CHAT + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer " + gateway.key
                        + "\r\ncontent-type: application/json\r\ncontent-length: " + length + "\r\n\r\n" + beginning)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String body(String text) {
        return "{\"model\":\"gpt-4o-mini\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                + "\"}]}";
    }
}
