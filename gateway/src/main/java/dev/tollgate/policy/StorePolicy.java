package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where shared state is kept. With nothing said, all of it is on this machine. Read once at start.
 *
 * @param redis URI of Redis for counters, shared by several nodes; without it counters are in memory, rebuilt from the journal at start. Of a
 *     cluster, one or more of its nodes: {@code redis://a:6379,b:6379,c:6379}
 * @param redisCluster whether it is a Redis Cluster. All counters are in one slot of it; its other nodes stand in when that slot's fails
 * @param mongo URI of MongoDB for audit log, keys and tickets, shared by several nodes; without it they are in SQLite beside the journal
 * @param mongoDatabase name of the database in MongoDB
 * @param timeout longest wait for an answer of a store
 * @param whenAway what happens to calls while the counters cannot be reached
 */
public record StorePolicy(
        @SecretText @Nullable String redis,
        Boolean redisCluster,
        @SecretText @Nullable String mongo,
        String mongoDatabase,
        @Range(min = "1ms") Duration timeout,
        WhenAway whenAway) {
    public static final StorePolicy DEFAULT =
            new StorePolicy(null, false, null, "tollgate", Duration.ofSeconds(2), WhenAway.CLOSED);

    /** What happens to calls while counters cannot be reached. */
    public enum WhenAway {
        /** They are refused with 503. */
        CLOSED,
        /**
         * They pass within this node's share: of what was left of each budget when the node last heard of it, and of the whole limit, divided by
         * the number of nodes; the record says so.
         */
        LOCAL_SHARE,
        /** They pass without a reservation; the record says so, and what they spend is counted when the counters are back. */
        OPEN
    }

    public StorePolicy {
        redisCluster = or(redisCluster, false);
        mongoDatabase = or(mongoDatabase, "tollgate");
        timeout = or(timeout, Duration.ofSeconds(2));
        whenAway = or(whenAway, WhenAway.CLOSED);
    }

    @Override
    public String toString() {
        return "StorePolicy[redis=" + (redis != null) + ", mongo=" + (mongo != null) + "]";
    }
}
