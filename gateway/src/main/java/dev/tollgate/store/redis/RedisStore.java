package dev.tollgate.store.redis;

import dev.tollgate.budget.RateLimiter;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.IOException;
import java.time.Duration;

/**
 * The connection to a Redis server. One connection carries all calls, pipelined; it is opened again by itself when it breaks. While it is
 * broken, calls fail at once instead of waiting for it.
 */
public final class RedisStore implements AutoCloseable {
    /** The installation that gateways belong to which share a server. */
    public static final String INSTALLATION = "tollgate";

    /** Calls waiting for an answer; more are refused. */
    private static final int MAX_WAITING = 65_536;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private RedisStore(RedisClient client, StatefulRedisConnection<String, String> connection) {
        this.client = client;
        this.connection = connection;
    }

    /**
     * Connects. Blocks for up to {@code timeout}: not for an event loop.
     *
     * @param uri {@code redis://[user:password@]host[:port][/database]}, {@code rediss://…} for TLS
     * @param timeout longest wait for the connection, and for each answer later
     * @throws IOException if the server cannot be reached
     */
    public static RedisStore open(String uri, Duration timeout) throws IOException {
        RedisURI server = RedisURI.create(uri);
        server.setTimeout(timeout);
        RedisClient client = RedisClient.create(server);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP2)
                .requestQueueSize(MAX_WAITING)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .build());
        try {
            return new RedisStore(client, client.connect());
        } catch (RedisException unreachable) {
            client.shutdown(Duration.ZERO, timeout);
            throw new IOException("Redis cannot be reached: " + unreachable.getMessage(), unreachable);
        }
    }

    /**
     * The ledger in this server.
     *
     * @param installation names the installation whose money it is; nodes that name the same one share counters. No braces
     */
    public RedisLedger ledger(String installation, RedisLedger.Self self) {
        return new RedisLedger(RedisCounters.on(connection, installation, self.id()), self);
    }

    /** The rate limits in this server. Nodes that name the same installation share them. */
    public RedisRateLimiter rateLimiter(String installation) {
        return new RedisRateLimiter(connection.async(), installation, RateLimiter.SLOT_LEASE);
    }

    /** Whose spend is in the counters. */
    public RedisNodes nodes(String installation) {
        return new RedisNodes(connection, installation);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
