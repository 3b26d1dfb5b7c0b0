package dev.tollgate.store.redis;

import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.RateLimiter;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisHashAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connection to a Redis server, or to a Redis Cluster. One connection (to each node of a cluster that is needed) carries all calls,
 * pipelined; it is opened again by itself when it breaks. While it is broken, calls fail at once instead of waiting for it.
 */
public final class RedisStore implements AutoCloseable {
    /** The installation that gateways belong to which share a server. */
    public static final String INSTALLATION = "tollgate";

    /** Calls waiting for an answer; more are refused. */
    private static final int MAX_WAITING = 65_536;
    /** How often a cluster is asked which node has which slot, beside whenever an answer suggests that it has changed. */
    private static final Duration TOPOLOGY = Duration.ofSeconds(5);

    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Duration TOPOLOGY_PAUSE = Duration.ofMillis(500);

    /** Longest pause between attempts to connect again: calls are refused, or pass unlimited, until one succeeds. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final StatefulConnection<String, String> connection;
    private final Commands commands;

    /** The commands that the counters need, whichever kind of connection carries them. */
    record Commands(
            RedisScriptingAsyncCommands<String, String> scripts, RedisHashAsyncCommands<String, String> hashes) {}

    private RedisStore(
            ClientResources resources,
            AbstractRedisClient client,
            StatefulConnection<String, String> connection,
            Commands commands) {
        this.resources = resources;
        this.client = client;
        this.connection = connection;
        this.commands = commands;
    }

    /** Connects to a single server; as {@link #open(String, boolean, Duration)}. */
    public static RedisStore open(String uri, Duration timeout) throws IOException {
        return open(uri, false, timeout);
    }

    /**
     * Connects. Blocks for up to {@code timeout}, before a cluster one of whose nodes is dead for up to half a minute: not for an event loop.
     *
     * @param uri {@code redis://[user:password@]host[:port][/database]}, {@code rediss://…} for TLS; of a cluster several hosts with commas
     *     between them
     * @param isCluster whether it names nodes of a Redis Cluster
     * @param timeout longest wait for the connection, and for each answer later
     * @throws IOException if the server cannot be reached
     */
    public static RedisStore open(String uri, boolean isCluster, Duration timeout) throws IOException {
        return open(uri, isCluster, timeout, ClusterStart.PATIENCE);
    }

    /** @param patience longest wait for a cluster */
    static RedisStore open(String uri, boolean isCluster, Duration timeout, Duration patience) throws IOException {
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ofMillis(1), RECONNECT, 2, TimeUnit.MILLISECONDS))
                .build();
        try {
            return isCluster ? cluster(resources, uri, timeout, patience) : server(resources, uri, timeout);
        } catch (RedisException unreachable) {
            shutDown(resources);
            throw new IOException("Redis cannot be reached: " + unreachable.getMessage(), unreachable);
        } catch (IOException unreachable) {
            shutDown(resources);
            throw unreachable;
        }
    }

    private static RedisStore server(ClientResources resources, String uri, Duration timeout) {
        RedisURI server = RedisURI.create(uri);
        server.setTimeout(timeout);
        RedisClient client = RedisClient.create(resources, server);
        client.setOptions(options(ClientOptions.builder(), timeout).build());
        try {
            StatefulRedisConnection<String, String> connection = client.connect();
            return new RedisStore(resources, client, connection, new Commands(connection.async(), connection.async()));
        } catch (RedisException unreachable) {
            client.shutdown(Duration.ZERO, timeout);
            throw unreachable;
        }
    }

    private static RedisStore cluster(ClientResources resources, String uri, Duration timeout, Duration patience)
            throws IOException {
        List<RedisURI> nodes = RedisClusterURIUtil.toRedisURIs(URI.create(uri));
        nodes.forEach(node -> node.setTimeout(timeout));
        RedisClusterClient client = RedisClusterClient.create(resources, nodes);
        ClusterClientOptions.Builder options = ClusterClientOptions.builder()
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
                        .build());
        client.setOptions((ClusterClientOptions) options(options, timeout).build());
        try {
            StatefulRedisClusterConnection<String, String> connection = new ClusterStart(client, timeout, patience)
                    .connect(RedisNodes.prefix(INSTALLATION) + RedisNodes.KEY);
            return new RedisStore(resources, client, connection, new Commands(connection.async(), connection.async()));
        } catch (IOException | RedisException unreachable) {
            client.shutdown(Duration.ZERO, timeout);
            throw unreachable;
        }
    }

    private static ClientOptions.Builder options(ClientOptions.Builder options, Duration timeout) {
        return options.autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP2)
                .requestQueueSize(MAX_WAITING)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(timeout));
    }

    /**
     * The ledger in this server.
     *
     * @param installation names the installation whose money it is; nodes that name the same one share counters. No braces
     */
    public RedisLedger ledger(String installation, RedisLedger.Self self) {
        return new RedisLedger(new RedisCounters(commands, installation, self.id()), self);
    }

    /** The rate limits in this server. Nodes that name the same installation share them. */
    public RedisRateLimiter rateLimiter(String installation) {
        return new RedisRateLimiter(commands.scripts(), installation, RateLimiter.SLOT_LEASE);
    }

    /** Whose spend is in the counters. */
    public RedisNodes nodes(String installation) {
        return new RedisNodes(commands, installation);
    }

    /** What the counters hold, for people to look at: of a connection that no gateway uses. */
    public Future<Ledger.Contents> contents(String installation, int max) {
        return LevelAnswers.contents(new RedisCounters(commands, installation, ""), max);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, STOP);
        shutDown(resources);
    }

    private static void shutDown(ClientResources resources) {
        var unused =
                resources.shutdown(0, STOP.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP.toMillis());
    }
}
