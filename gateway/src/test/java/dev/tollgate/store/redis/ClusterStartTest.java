package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.budget.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway starts while the node of its Redis Cluster that has the counters is dead. */
class ClusterStartTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String KEY = RedisNodes.prefix(RedisStore.INSTALLATION) + RedisNodes.KEY;

    @Test
    void masterKilledJustBefore_isWaitedForUntilItsReplicaHasTakenOver(@TempDir Path folder) throws Exception {
        try (RedisCluster cluster = new RedisCluster(folder)) {
            String unused = cluster.killMasterOf(KEY);

            try (RedisStore store = RedisStore.open(cluster.uri(), true, TIMEOUT)) {
                Ledger ledger = store.ledger(RedisStore.INSTALLATION, RedisLedgerTest.self("one"));
                ledger.restore(Map.of(), List.of()).await(10, TimeUnit.SECONDS);
                assertThat(ledger.isIntact().await(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void masterKilledForGood_endsTheStart_andIsNamed(@TempDir Path folder) throws Exception {
        try (RedisCluster cluster = new RedisCluster(folder)) {
            cluster.killReplicaOf(KEY);
            String dead = cluster.killMasterOf(KEY);

            assertThatThrownBy(() -> RedisStore.open(cluster.uri(), true, TIMEOUT, Duration.ofSeconds(3)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("Redis cannot be reached: node " + dead + " of the cluster");
        }
    }
}
