package dev.tollgate.provider;

import dev.tollgate.policy.LimitsPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

/**
 * Connections to providers from one event loop. TLS connections prefer HTTP/2; clear-text ones speak HTTP/1.1.
 *
 * @param tls for {@code https} providers
 * @param plain for {@code http} providers
 */
public record ConnectionPools(HttpClient tls, HttpClient plain) {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS = 1024;
    private static final int MAX_HTTP2_CONNECTIONS = 64;
    private static final int MAX_WAITING = 1024;
    /** Below what providers' front ends use, so that we rarely write to a connection that is just being closed. */
    private static final int IDLE_SECONDS = 20;

    /** Pools whose connections live on the event loop that calls this. */
    public static ConnectionPools open(Vertx vertx, LimitsPolicy limits) {
        return new ConnectionPools(
                client(vertx, options(limits).setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2)),
                client(vertx, options(limits)));
    }

    HttpClient forTls(boolean wanted) {
        return wanted ? tls : plain;
    }

    private static HttpClient client(Vertx vertx, HttpClientOptions options) {
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS)
                .setHttp2MaxSize(MAX_HTTP2_CONNECTIONS)
                .setMaxWaitQueueSize(MAX_WAITING);
        return vertx.httpClientBuilder().with(options).with(pool).build();
    }

    private static HttpClientOptions options(LimitsPolicy limits) {
        return new HttpClientOptions()
                .setConnectTimeout((int) limits.connect().toMillis())
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setHttp2KeepAliveTimeout(IDLE_SECONDS)
                .setMaxChunkSize(CHUNK_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)
                .setDecompressionSupported(false)
                .setTcpNoDelay(true);
    }
}
