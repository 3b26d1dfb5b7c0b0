package dev.tollgate.store.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.util.List;

/** A Redis for one test class, and nodes that share it. */
final class SharedRedis implements AutoCloseable {
    final RedisProcess process = new RedisProcess();

    /** A node whose log has not been read. */
    RedisLedger node(String id, String... others) {
        return new RedisLedger(new RedisCounters(process.commands(), "test", id), RedisLedgerTest.self(id, others));
    }

    /** The node "one", before a Redis in which nothing is. */
    RedisLedger emptied() {
        process.connection().sync().flushall();
        return node("one");
    }

    /** Lets five milliseconds pass, by the clock of Redis. */
    void letLeasesRunOut() {
        long until = now() + 5;
        while (now() < until) {
            Thread.onSpinWait();
        }
    }

    @CanIgnoreReturnValue
    private long now() {
        List<String> time = process.connection().sync().time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
