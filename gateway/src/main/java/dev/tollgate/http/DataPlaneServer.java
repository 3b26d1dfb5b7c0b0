package dev.tollgate.http;

import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.ListenPolicy;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The data plane on one event loop: listens where agents connect. Several share one port. */
public final class DataPlaneServer extends VerticleBase {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int HTTP2_RESETS_PER_WINDOW = 200;
    private static final int MAX_STREAMS_PER_CONNECTION = 256;
    private static final long DRAIN_SECONDS = 20;

    private final ListenPolicy listen;
    private final LimitsPolicy limits;
    private final Supplier<DataPlane> planes;
    private @Nullable HttpServer server;
    private @Nullable ConnectionWatch watch;

    /**
     * @param planes makes what this event loop works with; called on it
     */
    public DataPlaneServer(ListenPolicy listen, LimitsPolicy limits, Supplier<DataPlane> planes) {
        this.listen = listen;
        this.limits = limits;
        this.planes = planes;
    }

    @Override
    public Future<?> start() {
        DataPlane plane = planes.get();
        ConnectionWatch idle = new ConnectionWatch(vertx, plane.admission(), limits);
        FrontDoor door = new FrontDoor(vertx, plane, idle);
        if (listen.http2ClearText()) {
            GuardedTransport.guard(vertx, HeadLimits.of(limits));
        }
        HttpServer opened = vertx.createHttpServer(options());
        opened.connectionHandler(connection -> {
            if (idle.opened(connection)) {
                guard(connection);
            }
        });
        opened.exceptionHandler(ignored -> {});
        opened.invalidRequestHandler(request -> door.handleInvalid(request, violation(request)));
        opened.requestHandler(door);
        watch = idle;
        server = opened;
        idle.start();
        return opened.listen();
    }

    @Override
    public Future<?> stop() {
        if (watch != null) {
            watch.stop();
        }
        return server == null ? Future.succeededFuture() : server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** The port that is listened on. */
    public int port() {
        return server == null ? -1 : server.actualPort();
    }

    private void guard(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal) {
            HeadGuard.install(internal.channelHandlerContext().channel(), HeadLimits.of(limits));
        }
    }

    private static HeadGuard.Violation violation(HttpServerRequest request) {
        if (request.connection() instanceof HttpServerConnection internal) {
            HeadGuard.Violation told = internal.channelHandlerContext()
                    .channel()
                    .attr(HeadGuard.VIOLATION)
                    .get();
            if (told != null) {
                return told;
            }
        }
        return new HeadGuard.Violation(400, "the request is malformed");
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(listen.host())
                .setPort(listen.port())
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(listen.http2ClearText())
                .setHttp2RstFloodMaxRstFramePerWindow(HTTP2_RESETS_PER_WINDOW)
                .setHandle100ContinueAutomatically(true)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                // Upgrades are refused: no handler for them need see every request.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxChunkSize(CHUNK_BYTES)
                .setMaxInitialLineLength(limits.requestLine().toInt())
                .setMaxHeaderSize(limits.head().toInt());
        options.getInitialSettings()
                .setMaxConcurrentStreams(MAX_STREAMS_PER_CONNECTION)
                .setMaxHeaderListSize(limits.head().toInt());
        if (listen.certificate() != null && listen.privateKey() != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(listen.certificate().toString())
                            .addKeyPath(listen.privateKey().toString()));
        }
        return options;
    }
}
