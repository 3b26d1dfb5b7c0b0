package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run without and with HTTP/2 on the same port, where Vert.x builds the pipeline of HTTP/1.1 in another way. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class HeadGuardTest {
    private static final HeadLimits LIMITS = new HeadLimits(8192, 32_768, 200, Duration.ofMillis(300));
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Vertx vertx = GuardedTransport.vertx(new VertxOptions());
    private final boolean withHttp2;
    private final List<String> served = new CopyOnWriteArrayList<>();
    private int port;

    HeadGuardTest(boolean withHttp2) {
        this.withHttp2 = withHttp2;
    }

    @BeforeEach
    void listen() throws Exception {
        if (withHttp2) {
            GuardedTransport.guard(vertx, LIMITS);
        }
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(withHttp2));
        server.connectionHandler(connection -> {
            if (connection instanceof HttpServerConnection internal) {
                HeadGuard.install(internal.channelHandlerContext().channel(), LIMITS);
            }
        });
        server.invalidRequestHandler(request -> {
            HeadGuard.Violation violation = ((HttpServerConnection) request.connection())
                    .channelHandlerContext()
                    .channel()
                    .attr(HeadGuard.VIOLATION)
                    .get();
            request.response()
                    .setStatusCode(violation == null ? 599 : violation.status())
                    .end();
        });
        server.requestHandler(request -> request.body().onComplete(body -> {
            served.add(request.uri());
            request.response().end(body.succeeded() ? body.result().toString() : "broken");
        }));
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void requests_wellFormed_passWhateverTheirPieces() throws IOException {
        String requests = "POST /one?a=%2F HTTP/1.1\r\nHost: a:1\r\nContent-Length: 5\r\nX-Empty:\r\n\r\nhello"
                + "POST /two HTTP/1.1\r\nhOST:b\r\ntransfer-encoding: Chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n"
                + "GET /three HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: \u00e9\r\n\r\n";

        for (int size : new int[] {1, 7, 4096}) {
            served.clear();
            String answer = exchange(requests, size);

            assertThat(served).containsExactly("/one?a=%2F", "/two", "/three");
            assertThat(answer).contains("hello", "hello0123456789");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost:\r\n\r\n",
                "GET  /x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x HTTP/1.1 \r\nHost: a\r\n\r\n",
                "GET /x HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /x\r\nHost: a\r\n\r\n",
                "get /x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x#y HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x HTTP/1.1\nHost: a\n\n",
                "GET /x HTTP/1.1\r\nHost: a\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
                "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /x HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nX: a\u007fb\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void head_ambiguous_isRefusedAndNothingBehindItRuns(String request) throws IOException {
        String answer = exchange(request + NEXT, 4096);

        assertThat(served).isEmpty();
        assertThat(answer).matches("(?s)HTTP/1\\.[01] 4\\d\\d .*");
        assertThat(answer.split("HTTP/1\\.", -1)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;ext=1\r\nhello\r\n0\r\n\r\n",
                " 5\r\nhello\r\n0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhelloX\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                "FFFFFFFFF\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n"
            })
    void chunks_ambiguous_breakTheRequestAndNothingBehindItRuns(String chunks) throws IOException {
        String head = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

        String answer = exchange(head + chunks + NEXT, 4096);

        assertThat(served).doesNotContain("/smuggled");
        assertThat(answer).doesNotContain("hello");
    }

    @Test
    void requestsBefore_aViolation_areAnsweredFirst() throws IOException {
        String answer = exchange("GET /good HTTP/1.1\r\nHost: a\r\n\r\nGET /bad HTTP/1.1\r\n\r\n" + NEXT, 4096);

        assertThat(served).containsExactly("/good");
        assertThat(answer).matches("(?s)HTTP/1.1 200.*HTTP/1.[01] 400.*");
    }

    @Test
    void limits_passed_areNamedByStatus() throws IOException {
        String longLine = "GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        String manyFields = "GET /x HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(201) + "\r\n";
        String bigHead = "GET /x HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(40_000) + "\r\n\r\n";

        assertThat(exchange(longLine, 4096)).contains(" 414 ");
        assertThat(exchange(manyFields, 4096)).contains(" 431 ");
        assertThat(exchange(bigHead, 4096)).contains(" 431 ");
        assertThat(served).isEmpty();
    }

    @Test
    void head_tooSlow_isRefused() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("GET /x HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(readAll(socket.getInputStream())).contains(" 408 ");
        }
    }

    private String exchange(String request, int pieceSize) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.setTcpNoDelay(true);
            byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
            try {
                for (int at = 0; at < bytes.length; at += pieceSize) {
                    socket.getOutputStream().write(bytes, at, Math.min(pieceSize, bytes.length - at));
                    socket.getOutputStream().flush();
                }
            } catch (SocketException closedEarly) {
                // The server need not read what stands behind a violation.
            }
            return readAll(socket.getInputStream());
        }
    }

    private static String readAll(InputStream in) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[4096];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException reset) {
            // A reset ends the answer as well.
        }
        return all.toString();
    }
}
