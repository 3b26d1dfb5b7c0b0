package dev.tollgate;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.store.sqlite.SqliteOutbox;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on the log what commands did beside the gateway, in their order, on a thread of its own. An entry is taken out when its record is
 * acknowledged: after a crash in between it is recorded twice, with the same number.
 */
final class OutboxRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_AT_ONCE = 100;

    private final SqliteOutbox outbox;
    private final AuditLog log;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private OutboxRelay(SqliteOutbox outbox, AuditLog log) {
        this.outbox = outbox;
        this.log = log;
        this.thread = Thread.ofPlatform().name("tollgate-outbox").daemon(true).unstarted(this::follow);
    }

    static OutboxRelay start(SqliteOutbox outbox, AuditLog log) {
        OutboxRelay relay = new OutboxRelay(outbox, log);
        relay.thread.start();
        return relay;
    }

    private void follow() {
        try {
            do {
                drain();
            } while (!closing.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        try {
            List<SqliteOutbox.Entry> entries = Blocking.await(outbox.oldest(MAX_AT_ONCE), PATIENCE);
            for (SqliteOutbox.Entry entry : entries) {
                Blocking.await(log.append(numbered(entry)), PATIENCE);
                Blocking.await(outbox.remove(entry.id()), PATIENCE);
            }
        } catch (IOException failure) {
            LOG.warn("what commands did cannot be recorded yet: {}", failure.getMessage());
        }
    }

    private static Administrative numbered(SqliteOutbox.Entry entry) {
        Administrative done = entry.record();
        Map<String, String> details = new HashMap<>(done.details());
        details.put("entry", Long.toString(entry.id()));
        return new Administrative(done.at(), done.action(), done.actor(), done.subject(), details);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
