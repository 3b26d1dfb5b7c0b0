package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.Verification.Fault;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment that is filled with zeros ahead reads, breaks and is repaired like one that is not. */
final class ZerosAheadTest {
    private static final int RECORDS = 10;

    @TempDir
    private Path data;

    private static void fill(Journal journal, int from) throws Exception {
        for (int i = 0; i < RECORDS; i++) {
            journal.append(Records.received("ex_" + (from + i))).await(10, TimeUnit.SECONDS);
        }
    }

    /** The folder as a killed process leaves it. */
    private Path killed() throws Exception {
        try (Journal journal = JournalFolder.open(data)) {
            fill(journal, 0);
            return JournalFolder.copy(data);
        }
    }

    private static Position end(Path folder) throws Exception {
        return HeadFile.read(folder.resolve(Journal.FOLDER)).orElseThrow().end();
    }

    private static void put(Path folder, long offset, byte[] bytes) throws Exception {
        try (FileChannel file = FileChannel.open(JournalFolder.segment(folder, 1), StandardOpenOption.WRITE)) {
            assertThat(file.write(ByteBuffer.wrap(bytes), offset)).isEqualTo(bytes.length);
        }
    }

    /** What a start finds wrong. */
    private static List<String> repairs(Path folder) throws Exception {
        try (Journal journal = JournalFolder.open(folder)) {
            return journal.recovered().repairs();
        }
    }

    @Test
    void segment_whileWritten_isLongerThanItsRecords_andAsLongWhenClosed() throws Exception {
        Path open = killed();

        assertThat(Files.size(JournalFolder.segment(open, 1)))
                .isGreaterThan(end(open).offset() + 500_000);
        assertThat(Files.size(JournalFolder.segment(data, 1)))
                .isEqualTo(end(data).offset());
    }

    @Test
    void killedJournal_isSound_andGoesOnWithoutARepair() throws Exception {
        Path open = killed();
        long records = RECORDS + 1;
        JournalFolder.assertGood(open, records);
        assertThat(JournalFolder.verify(open).notes()).isEmpty();

        try (Journal journal = JournalFolder.open(open)) {
            assertThat(journal.recovered().repairs()).isEmpty();
            fill(journal, RECORDS);
        }

        // The calls of the first life ended as aborted.
        JournalFolder.assertGood(open, 2 * records + RECORDS);
        assertThat(Files.size(JournalFolder.segment(open, 1))).as("zeros cut").isLessThan(100_000);
    }

    @Test
    void interruptedWrite_isCutOff_alsoWhereOnlyItsEndReachedTheDisk() throws Exception {
        for (int hole : new int[] {0, 1, Frame.HEADER, 5000}) {
            Path open = killed();
            byte[] frame = JournalFolder.nextFrame(open, Records.received("ex_lost"));
            byte[] written = hole == 0 ? java.util.Arrays.copyOf(frame, frame.length / 2) : frame;
            put(open, end(open).offset() + hole, written);
            // Only a loss of power leaves a hole: until a start has seen to it, it might as well be somebody's work.
            Verification before = JournalFolder.verify(open);
            assertThat(before.firstBad().isPresent()).as("hole of " + hole).isEqualTo(hole > 0);
            assertThat(before.notes()).hasSize(hole > 0 ? 0 : 1);

            assertThat(repairs(open)).singleElement().asString().contains("journal_repaired");
            assertThat(JournalFolder.verify(open).firstBad()).isEmpty();
            deleteData();
        }
    }

    @Test
    void zeros_changedInOneByte_areSeen() throws Exception {
        Path open = killed();
        long end = end(open).offset();
        for (long at : new long[] {end + Frame.HEADER, end + 1000, end + 70_000, end + 500_000}) {
            Path changed = JournalFolder.copy(open);
            put(changed, at, new byte[] {1});

            assertThat(JournalFolder.verify(changed).firstBad().orElseThrow().fault())
                    .isEqualTo(Fault.UNREADABLE);
        }
    }

    private void deleteData() throws Exception {
        try (var files = Files.walk(data)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(data)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void acknowledgedRecord_overwrittenWithZeros_isSeen() throws Exception {
        Path open = killed();
        List<JournalEntry> entries = JournalFolder.entries(open);
        JournalEntry last = entries.getLast();
        JournalEntry middle = entries.get(4);

        Path cut = JournalFolder.copy(open);
        put(
                cut,
                last.position().offset(),
                new byte[(int) (last.end().offset() - last.position().offset())]);
        Path hole = JournalFolder.copy(open);
        put(
                hole,
                middle.position().offset(),
                new byte[(int) (middle.end().offset() - middle.position().offset())]);

        assertThat(JournalFolder.verify(cut).firstBad().orElseThrow().fault()).isEqualTo(Fault.TAIL_MISSING);
        assertThat(JournalFolder.verify(hole).firstBad().orElseThrow().fault()).isEqualTo(Fault.UNREADABLE);
        assertThat(repairs(cut)).singleElement().asString().contains("journal_tail_missing");
        assertThat(repairs(hole)).singleElement().asString().contains("journal_damaged");
    }

    @Test
    void journal_verifiedWhileItIsWritten_isAlwaysSound() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Journal journal = JournalFolder.open(data)) {
            fill(journal, 0);
            Thread verifier = Thread.ofPlatform().start(() -> {
                try {
                    while (!stop.get()) {
                        assertThat(JournalFolder.verify(data).firstBad()).isEmpty();
                    }
                } catch (Throwable found) { // an AssertionError too: it is told where the test can see it
                    failure.set(found);
                }
            });
            for (int i = 1; i < 60; i++) {
                fill(journal, RECORDS * i);
            }
            stop.set(true);
            verifier.join();
        }
        assertThat(failure).hasNullValue();
    }
}
