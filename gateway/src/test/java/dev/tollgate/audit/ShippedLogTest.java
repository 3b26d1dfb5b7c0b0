package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.WhenUnshipped;
import dev.tollgate.policy.ByteSize;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShippedLogTest {
    private static final ByteSize LIMIT = new ByteSize(5000);

    @TempDir
    private Path data;

    private final Shelf shelf = new Shelf();

    @Test
    void records_appended_areShippedInTheirOrder() throws Exception {
        try (Journal journal = JournalFolder.open(data);
                ShippedLog log = start(journal, WhenUnshipped.CLOSED)) {
            append(log, Records.received("ex_1"));
            append(log, Records.ended("ex_1"));
            eventually(() -> shelf.upTo().equals(Optional.of(journal.head())));
        }

        assertThat(shelf.records()).isEqualTo(JournalFolder.records(data));
    }

    @Test
    void close_shipsWhatIsLeft() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            try (ShippedLog log = start(journal, WhenUnshipped.OPEN)) {
                for (int i = 0; i < 200; i++) {
                    append(log, Records.received("ex_" + i));
                }
            }

            assertThat(shelf.upTo()).contains(journal.head());
        }

        // With the checkpoint that says that the log ends there: nothing came behind what was shipped.
        JournalEntry last = JournalFolder.entries(data).getLast();
        assertThat(shelf.upTo()).contains(Head.of(last));
        assertThat(((AuditRecord.Sealed) last.record()).note()).contains("\nend closed\n");
    }

    @Test
    void limitReached_closed_refusesNewCallsAndRecordsTheEndOfOthers_untilShippedAgain() throws Exception {
        try (Journal journal = JournalFolder.open(data);
                ShippedLog log = start(journal, WhenUnshipped.CLOSED)) {
            shelf.away = true;
            fill(log);

            assertThatThrownBy(() -> append(log, Records.received("ex_new")))
                    .isInstanceOf(JournalFailure.class)
                    .hasMessageContaining("allowed are 5000 (audit.unshipped)");
            assertThatThrownBy(() -> await(log.state())).hasMessageContaining("not shipped");
            append(log, Records.ended("ex_0"));
            append(log, Records.administrative("ticket_denied"));

            shelf.away = false;
            eventually(() -> !log.isBehind() && actions().contains("shipping_resumed"));
            append(log, Records.received("ex_new"));
            assertThat(await(log.state())).contains("wait to be shipped");
        }

        assertThat(shelf.records()).isEqualTo(JournalFolder.records(data));
        assertThat(actions()).containsSubsequence("shipping_behind", "shipping_resumed");
    }

    @Test
    void limitReached_open_goesOnAndSaysSo() throws Exception {
        try (Journal journal = JournalFolder.open(data);
                ShippedLog log = start(journal, WhenUnshipped.OPEN)) {
            shelf.away = true;
            fill(log);
            eventually(() -> actions().contains("shipping_behind"));

            append(log, Records.received("ex_new"));
            assertThat(await(log.state())).contains("are not shipped");
        }
    }

    @Test
    void lag_overSeveralSegments_isMeasuredInBytes() throws Exception {
        AuditPolicy small = new AuditPolicy(null, new ByteSize(2000), null, null, null);
        shelf.away = true;
        try (Journal journal = JournalFolder.open(data, small)) {
            for (int i = 0; i < 5; i++) {
                await(journal.append(Records.received("ex_" + i)));
            }
            Position end = HeadFile.read(journal.folder()).orElseThrow().end();
            long all = end.offset();
            for (long number : Segments.list(journal.folder())) {
                all += number >= end.segment()
                        ? 0
                        : Segments.file(journal.folder(), number).toFile().length();
            }

            try (ShippedLog log = ShippedLog.start(journal, shelf, small, () -> Records.NOON)) {
                assertThat(Segments.list(journal.folder())).hasSizeGreaterThan(2);
                assertThat(log.unshippedBytes()).isEqualTo(all);
            }
        }
    }

    @Test
    void store_thatDoesNotTellWhatItHolds_isNotStartedWith() throws Exception {
        shelf.mute = true;
        try (Journal journal = JournalFolder.open(data)) {
            assertThatThrownBy(() -> start(journal, WhenUnshipped.CLOSED)).hasMessageContaining("shelf is away");
        }
    }

    private ShippedLog start(Journal journal, WhenUnshipped whenUnshipped) throws IOException {
        return ShippedLog.start(
                journal, shelf, new AuditPolicy(null, null, null, LIMIT, whenUnshipped), () -> Records.NOON);
    }

    private static void fill(ShippedLog log) throws Exception {
        for (int i = 0; i < 5; i++) {
            append(log, Records.received("ex_" + i));
        }
        eventually(() -> log.unshippedBytes() > LIMIT.bytes());
        eventually(() -> log.isBehind());
    }

    private List<String> actions() {
        try {
            return JournalFolder.records(data).stream()
                    .filter(Administrative.class::isInstance)
                    .map(record -> ((Administrative) record).action())
                    .toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static void append(AuditLog log, AuditRecord record) throws Exception {
        await(log.append(record));
    }

    private static void eventually(BooleanSupplier holds) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }

    /** A store in memory that can be away. */
    private static final class Shelf implements JournalTail.Sink {
        private final List<JournalEntry> entries = new ArrayList<>();
        private volatile boolean away;
        private volatile boolean mute;

        @Override
        public synchronized Optional<Head> upTo() {
            if (mute) {
                throw new IllegalStateException("the shelf is away");
            }
            return entries.isEmpty() ? Optional.empty() : Optional.of(Head.of(entries.getLast()));
        }

        @Override
        public synchronized boolean take(List<JournalEntry> batch, Optional<Head> after) throws IOException {
            if (away) {
                throw new IOException("the shelf is away");
            }
            assertThat(upTo()).isEqualTo(after);
            return entries.addAll(batch);
        }

        @Override
        public synchronized void restart() {
            throw new AssertionError("nothing asks for this");
        }

        synchronized List<AuditRecord> records() throws IOException {
            List<AuditRecord> records = new ArrayList<>();
            for (JournalEntry entry : entries) {
                if (!entry.type().equals(RecordWriter.CHECKPOINT)) {
                    records.add(entry.record());
                }
            }
            return records;
        }
    }
}
