package dev.tollgate.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The first connection to a Redis Cluster. Whoever starts while a node is dead may find that the others take it for alive, or that its replica has
 * not yet taken over: so it is asked again until the node that has the counters answers.
 */
final class ClusterStart {
    /** Longest wait for it: twice what a cluster takes to replace a node by default. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final RedisClusterClient client;
    private final Duration timeout;
    private final long until;
    private @Nullable StatefulRedisClusterConnection<String, String> connection;

    /**
     * @param timeout longest wait for one answer
     * @param patience longest wait in all
     */
    ClusterStart(RedisClusterClient client, Duration timeout, Duration patience) {
        this.client = client;
        this.timeout = timeout;
        this.until = System.nanoTime() + patience.toNanos();
    }

    /**
     * Connects. Blocks.
     *
     * @param key one of those that will be used, all of which are in its slot
     * @throws IOException naming the node that does not answer
     */
    StatefulRedisClusterConnection<String, String> connect(String key) throws IOException {
        while (true) {
            try {
                StatefulRedisClusterConnection<String, String> open = connected();
                String unused =
                        open.async().type(key).toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                return open;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while Redis was awaited", interrupted);
            } catch (ExecutionException failure) {
                Throwable cause = failure.getCause();
                giveUpOrWait(key, cause == null ? failure : cause);
            } catch (TimeoutException | RedisException failure) {
                giveUpOrWait(key, failure);
            }
        }
    }

    private void giveUpOrWait(String key, Throwable cause) throws IOException {
        if (!mayPass(cause) || System.nanoTime() - until > 0) {
            throw new IOException("Redis cannot be reached: " + owner(key) + cause.getMessage(), cause);
        }
        rest();
    }

    private StatefulRedisClusterConnection<String, String> connected() {
        StatefulRedisClusterConnection<String, String> open = connection;
        if (open == null) {
            open = client.connect();
            connection = open;
        } else {
            client.refreshPartitions();
        }
        return open;
    }

    /** What a node refuses for good, such as a password, is refused at once. */
    private static boolean mayPass(Throwable cause) {
        if (!(cause instanceof RedisCommandExecutionException)) {
            return true;
        }
        String said = String.valueOf(cause.getMessage());
        return said.startsWith("CLUSTERDOWN") || said.startsWith("LOADING") || said.startsWith("TRYAGAIN");
    }

    private String owner(String key) {
        int slot = SlotHash.getSlot(key);
        RedisClusterNode node =
                connection == null ? null : client.getPartitions().getPartitionBySlot(slot);
        return node == null
                ? ""
                : "node " + node.getUri().getHost() + ":" + node.getUri().getPort()
                        + " of the cluster, which has the counters (slot " + slot + "): ";
    }

    private static void rest() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Redis was awaited", interrupted);
        }
    }
}
