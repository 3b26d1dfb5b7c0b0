package dev.tollgate.store.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.JournalEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops partitions of the shared log that every node in them has dropped from its own journal, the oldest first: a partition goes when what is left of
 * each of those logs begins where a record under a checkpoint says that its policy dropped what came before. So what is left verifies. The calls in it
 * go with it. Looks every ten minutes, on a thread of its own; any node does it for all. Needs {@code dropCollection} on the partitions and {@code
 * remove} on the exchanges; where the role has not, they stay, and the log says so.
 */
public final class MongoRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MongoRetention.class);
    private static final Duration PACE = Duration.ofMinutes(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final AuditPartitions partitions;
    private final MongoLogs logs;
    private final MongoTombstones tombstones;
    private final MongoCollection<Document> exchanges;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    MongoRetention(MongoConnection connection) {
        this.partitions = new AuditPartitions(connection);
        this.logs = new MongoLogs(connection);
        this.tombstones = new MongoTombstones(connection);
        this.exchanges = connection.collection(AuditDocuments.EXCHANGES);
        this.thread =
                Thread.ofPlatform().name("tollgate-partitions").daemon(true).unstarted(this::follow);
    }

    /** Begins to look. */
    public static MongoRetention start(MongoConnection connection) {
        MongoRetention retention = new MongoRetention(connection);
        retention.thread.start();
        return retention;
    }

    private void follow() {
        try {
            do {
                try {
                    look();
                } catch (IOException refused) {
                    LOG.warn("old records stay in MongoDB: {}", refused.getMessage());
                }
            } while (!closing.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drops what may go by now. Blocks. */
    void look() throws IOException {
        List<String> names = MongoPages.await(partitions.names());
        for (int i = 0; i + 1 < names.size(); i++) {
            // Behind one that stays none is dropped: a log must not have a hole.
            if (!mayGo(names.get(i), names.subList(i + 1, names.size()))) {
                return;
            }
            drop(names.get(i));
        }
    }

    private boolean mayGo(String oldest, List<String> left) throws IOException {
        for (String node : logs.nodes(oldest)) {
            Optional<JournalEntry> first = tombstones.first(node, left);
            if (first.isEmpty() || !tombstones.isCutBefore(node, first.get())) {
                return false;
            }
        }
        return true;
    }

    private void drop(String name) throws IOException {
        Bson begun = name.equals(AuditPartitions.FIRST)
                ? Filters.and(Filters.exists("received"), Filters.exists("received" + AuditDocuments.IN, false))
                : Filters.eq("received" + AuditDocuments.IN, name);
        // The records last: as long as they are there, this is begun again.
        MongoPages.await(MongoConnection.done(exchanges.deleteMany(begun)));
        MongoPages.await(MongoConnection.done(partitions.get(name).drop()));
        partitions.dropped(name);
        LOG.info("{} is dropped: its records are older than audit.keep of every node in it", name);
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
