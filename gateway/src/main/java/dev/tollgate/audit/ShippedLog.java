package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.WhenUnshipped;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal whose records are shipped, in order, to a store that all nodes share. A record is acknowledged when the journal has it; shipping
 * follows on threads of its own. Where the store does not take the records, the journal grows up to the policy's limit; then new calls are
 * refused or let through, as the policy says. Calls under way are recorded in any case.
 *
 * <pre>
 *   shipping ──more than the limit waits──▶ behind ──half the limit waits──▶ shipping
 * </pre>
 */
public final class ShippedLog implements AuditLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShippedLog.class);
    private static final Duration PACE = Duration.ofMillis(50);
    /** How often the lag is measured: what is appended in between may exceed the limit. */
    private static final Duration MEASURE = Duration.ofMillis(200);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Journal journal;
    private final Followed sink;
    private final JournalTail tail;
    private final long limit;
    private final boolean closedWhenBehind;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread measuring;
    private volatile long unshipped;
    private volatile boolean behind;

    private ShippedLog(Journal journal, Followed sink, AuditPolicy policy, InstantSource clock) {
        this.journal = journal;
        this.sink = sink;
        this.limit = policy.unshipped().bytes();
        this.closedWhenBehind = policy.whenUnshipped() == WhenUnshipped.CLOSED;
        this.clock = clock;
        this.tail = journal.tail(sink, PACE);
        this.measuring =
                Thread.ofPlatform().name("tollgate-shipping-lag").daemon(true).unstarted(this::measure);
    }

    /**
     * Begins to ship. Blocks until the store has told what it holds.
     *
     * @param sink the store that all nodes share
     * @throws IOException if the store does not answer
     */
    public static ShippedLog start(Journal journal, JournalTail.Sink sink, AuditPolicy policy, InstantSource clock)
            throws IOException {
        ShippedLog log = new ShippedLog(journal, Followed.of(sink), policy, clock);
        log.look();
        log.tail.start("tollgate-shipping");
        log.measuring.start();
        return log;
    }

    @Override
    public Future<Void> append(AuditRecord record) {
        // Fail closed: a disk that fills up unseen would lose the evidence of calls that were served.
        if (behind && closedWhenBehind && record instanceof Received) {
            return Future.failedFuture(new JournalFailure(sentence(), null));
        }
        return journal.append(record);
    }

    /** The last record that the store has taken; empty for none. */
    public Optional<Head> shipped() {
        return sink.upTo;
    }

    /** Bytes of the journal that the store has not taken, as last measured. */
    public long unshippedBytes() {
        return unshipped;
    }

    /** Whether more than the limit waits, or more than half of it since more than the limit did. */
    public boolean isBehind() {
        return behind;
    }

    /** How shipping goes, for people; fails while new calls are refused. */
    public Future<String> state() {
        return behind && closedWhenBehind
                ? Future.failedFuture(sentence())
                : Future.succeededFuture(behind ? sentence() : unshipped + " bytes wait to be shipped");
    }

    private String sentence() {
        return unshipped + " bytes of the journal are not shipped, allowed are " + limit + " (audit.unshipped)";
    }

    private void measure() {
        try {
            do {
                look();
            } while (!closing.await(MEASURE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        Position from = sink.upTo.map(Head::end).orElse(Position.START);
        try {
            unshipped =
                    Segments.bytesBetween(journal.folder(), from, journal.head().end());
        } catch (IOException unreadable) {
            LOG.warn("cannot tell how much of the journal is not shipped: {}", unreadable.toString());
        }
        // Half the limit: at the limit itself each batch that is shipped would change the answer.
        boolean now = behind ? unshipped > limit / 2 : unshipped > limit;
        if (now != behind) {
            behind = now;
            tell(now ? "shipping_behind" : "shipping_resumed");
        }
    }

    private void tell(String action) {
        LOG.warn("{}: {}", action, sentence());
        String calls = closedWhenBehind && behind ? "refused" : "served";
        Map<String, String> details = Map.of(
                "unshipped_bytes", Long.toString(unshipped), "limit_bytes", Long.toString(limit), "calls", calls);
        journal.append(new Administrative(clock.instant(), action, "gateway", "audit", details))
                .onFailure(failure -> LOG.error("{} could not be recorded: {}", action, failure.toString()));
    }

    /**
     * Ships everything that is acknowledged now. Blocks.
     *
     * @throws Exception if the store does not take it
     */
    public void catchUp() throws Exception {
        tail.catchUp();
    }

    /** Ends the journal, ships what is left, if the store takes it, and stops. Blocks. */
    @Override
    public void close() {
        closing.countDown();
        tail.close();
        try {
            // Before catching up: the last look may append a record.
            measuring.join(CLOSE_TIMEOUT);
            // With its last checkpoint: a copy without it looks cut off.
            journal.end();
            tail.catchUp();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception away) {
            LOG.warn("the end of the journal is not shipped yet, the next start goes on with it: {}", away.toString());
        }
    }

    /** A sink whose place others may look at. */
    private static final class Followed implements JournalTail.Sink {
        private final JournalTail.Sink sink;
        private volatile Optional<Head> upTo;

        private Followed(JournalTail.Sink sink, Optional<Head> upTo) {
            this.sink = sink;
            this.upTo = upTo;
        }

        static Followed of(JournalTail.Sink sink) throws IOException {
            try {
                return new Followed(sink, sink.upTo());
            } catch (IOException | RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IOException("the store of the audit log does not answer: " + failure.getMessage(), failure);
            }
        }

        @Override
        public Optional<Head> upTo() throws Exception {
            return sink.upTo();
        }

        @Override
        public boolean take(List<JournalEntry> batch, Optional<Head> after) throws Exception {
            boolean taken = sink.take(batch, after);
            upTo = sink.upTo();
            return taken;
        }

        @Override
        public void restart() throws Exception {
            sink.restart();
            upTo = sink.upTo();
        }
    }
}
