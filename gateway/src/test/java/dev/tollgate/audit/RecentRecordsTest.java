package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tail that is fed out of memory gets what it would read from the files. */
final class RecentRecordsTest {
    @TempDir
    private Path data;

    private Journal journal;
    private final Taken sink = new Taken();

    @BeforeEach
    void open() throws Exception {
        journal = JournalFolder.open(data);
    }

    @AfterEach
    void close() throws Exception {
        journal.close();
    }

    private static final class Taken implements JournalTail.Sink {
        private final List<JournalEntry> entries = new ArrayList<>();

        @Override
        public Optional<Head> upTo() {
            return entries.isEmpty() ? Optional.empty() : Optional.of(Head.of(entries.getLast()));
        }

        @Override
        public boolean take(List<JournalEntry> batch, Optional<Head> after) {
            assertThat(upTo()).isEqualTo(after);
            entries.addAll(batch);
            return true;
        }

        @Override
        public void restart() {
            throw new AssertionError("begun anew");
        }
    }

    private void append(int records) throws Exception {
        Future<Void> last = Future.succeededFuture();
        for (int i = 0; i < records; i++) {
            last = journal.append(i % 2 == 0 ? Records.received("ex_" + i) : Records.ended("ex_" + (i - 1)));
        }
        last.await(30, TimeUnit.SECONDS);
    }

    private void assertAllTaken() throws Exception {
        List<JournalEntry> written = JournalFolder.entries(data);
        assertThat(sink.entries).hasSameSizeAs(written);
        for (int i = 0; i < written.size(); i++) {
            JournalEntry mine = sink.entries.get(i);
            JournalEntry read = written.get(i);
            assertThat(mine.json()).isEqualTo(read.json());
            assertThat(mine.hash()).isEqualTo(read.hash());
            assertThat(mine.previous()).isEqualTo(read.previous());
            assertThat(mine.position()).isEqualTo(read.position());
            assertThat(mine.end()).isEqualTo(read.end());
            assertThat(mine.type()).isEqualTo(read.type());
            assertThat(mine.record()).isEqualTo(read.record());
            assertThat(mine.mentions("ex_2")).isEqualTo(read.mentions("ex_2"));
        }
    }

    @Test
    void tail_closeBehind_isHandedWhatTheFilesHold() throws Exception {
        try (JournalTail tail = journal.tail(sink, Duration.ZERO)) {
            tail.catchUp();
            for (int round = 0; round < 5; round++) {
                append(7);
                tail.catchUp();
            }
        }

        assertAllTaken();
    }

    @Test
    void tail_farBehind_readsTheFilesFirst() throws Exception {
        try (JournalTail tail = journal.tail(sink, Duration.ZERO)) {
            tail.catchUp();
            append(RecentRecords.MAX_RECORDS + 500);
            tail.catchUp();
            append(3);
            tail.catchUp();
        }

        assertAllTaken();
    }

    @Test
    void records_thatAnotherProcessTook_areNotHandedOverAgain() throws Exception {
        try (JournalTail tail = journal.tail(sink, Duration.ZERO);
                JournalTail other =
                        new JournalTail(journal.folder(), () -> Optional.of(journal.head()), sink, Duration.ZERO)) {
            tail.catchUp();
            append(5);
            other.catchUp();
            append(5);
            tail.catchUp();
        }

        assertAllTaken();
    }
}
