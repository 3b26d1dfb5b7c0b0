package dev.tollgate.store.mongo;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.Checkpoint.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in mind the newest checkpoint of each other node, so that this node's checkpoints can tell of it: a log that is cut off or forked later
 * contradicts the others'. Looks every 10 seconds, on a thread of its own; while MongoDB is away nothing new is seen.
 */
public final class MongoSightings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MongoSightings.class);
    private static final Duration PACE = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /** Most logs that one checkpoint tells of. */
    private static final int MAX_SEEN = 100;

    private final MongoLogs logs;
    private final String node;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile List<Seen> seen = List.of();

    private MongoSightings(MongoLogs logs, String node) {
        this.logs = logs;
        this.node = node;
        this.thread =
                Thread.ofPlatform().name("tollgate-sightings").daemon(true).unstarted(this::follow);
    }

    /**
     * Begins to look.
     *
     * @param node this one, which is not looked at
     */
    public static MongoSightings start(MongoConnection connection, String node) {
        MongoSightings sightings = new MongoSightings(new MongoLogs(connection), node);
        sightings.thread.start();
        return sightings;
    }

    /** The newest checkpoints of others, as last seen. */
    public List<Seen> seen() {
        return seen;
    }

    private void follow() {
        try {
            do {
                look();
            } while (!closing.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            List<Seen> found = new ArrayList<>();
            for (String other : logs.nodes()) {
                if (!other.equals(node) && found.size() < MAX_SEEN) {
                    for (Checkpoint newest : logs.checkpoints(other, 1)) {
                        found.add(new Seen(AuditKeys.origin(other), newest.tree()));
                    }
                }
            }
            seen = List.copyOf(found);
        } catch (IOException away) {
            LOG.debug("the logs of other nodes cannot be looked at: {}", away.toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(CLOSE_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
