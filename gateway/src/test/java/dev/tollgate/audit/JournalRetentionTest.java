package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.evidence.EvidenceCheck;
import dev.tollgate.audit.evidence.EvidenceExport;
import dev.tollgate.audit.evidence.EvidencePack;
import dev.tollgate.audit.seal.VerifierKey;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.policy.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalRetentionTest {
    private static final AuditPolicy SMALL = new AuditPolicy(Durability.FAST, new ByteSize(16_000), null, null, null);
    private static final Duration KEEP = Duration.ofDays(30);

    @TempDir
    private Path data;

    private volatile Instant now = Records.NOON;
    private final List<String> anchors = new ArrayList<>();
    private VerifierKey firstKey;
    private int calls;

    /** Three starts and a change of keys, all of it before the last calls by more than is kept. */
    @BeforeEach
    void journal() throws Exception {
        try (Journal journal = open()) {
            calls(journal, 40);
        }
        firstKey = AuditKeys.shown(data);
        VerifierKey next = AuditKeys.prepareNext(data, firstKey.name().replace("tollgate.dev/", ""), false);
        assertThat(next).isNotEqualTo(firstKey);
        for (int start = 0; start < 2; start++) {
            try (Journal journal = open()) {
                calls(journal, 40);
            }
        }
        now = now.plus(Duration.ofDays(31));
    }

    private Journal open() throws IOException {
        Journal journal = Journal.open(data, SMALL, () -> now, counter -> true);
        journal.anchor(anchors::add);
        return journal;
    }

    private void calls(Journal journal, int more) throws Exception {
        for (int i = 0; i < more; i++) {
            String exchange = "ex_" + calls++;
            await(journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5)));
            await(journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L)));
            now = now.plusMillis(500);
        }
    }

    private JournalRetention retention(Journal journal, JournalRetention.Follower... followers) {
        return new JournalRetention(journal, KEEP, () -> now, List.of(followers), segment -> {});
    }

    /** Looks until nothing is left to be dropped. */
    private void drop(Journal journal) throws Exception {
        JournalRetention retention = retention(journal);
        retention.look();
        now = now.plusSeconds(11);
        calls(journal, 1);
        retention.look();
    }

    private List<Long> segments() throws IOException {
        return Segments.list(data.resolve(Journal.FOLDER));
    }

    private Verification verify(Path folder) throws IOException {
        return Verifier.verify(
                folder.resolve(Journal.FOLDER), new Trust(List.of(firstKey), anchors, List.of()), read -> {});
    }

    private Bad bad(Path folder) throws IOException {
        return verify(folder).firstBad().orElseThrow();
    }

    @Test
    void oldSegments_areDroppedOnceACheckpointCoversTheRecordThatSaysSo_andTheRestVerifies() throws Exception {
        long newest = segments().getLast();
        try (Journal journal = open()) {
            JournalRetention retention = retention(journal);
            retention.look();
            retention.look();
            assertThat(segments()).as("no checkpoint yet").contains(1L, newest);

            now = now.plusSeconds(11);
            calls(journal, 1);
            retention.look();

            assertThat(segments()).first().isEqualTo(newest + 1);
        }

        Verification found = verify(data);
        assertThat(found.firstBad()).isEmpty();
        assertThat(found.notes())
                .anyMatch(note -> note.contains("were dropped by the log's own policy (audit.keep 30d)"));
        assertThat(found.seal().covered()).isGreaterThan(240);
    }

    @Test
    void nextStart_withOrWithoutItsTally_goesOnBehindWhatWasDropped() throws Exception {
        try (Journal journal = open()) {
            drop(journal);
        }
        for (boolean tally : List.of(true, false)) {
            if (!tally) {
                Files.delete(data.resolve(Journal.FOLDER).resolve(TallyFile.NAME));
            }
            try (Journal journal = open()) {
                assertThat(journal.recovered().repairs()).isEmpty();
                assertThat(journal.recovered().dropped()).isPositive();
                calls(journal, 3);
            }
            assertThat(verify(data).firstBad()).isEmpty();
        }
    }

    @Test
    void spend_ofDroppedRecords_stillCounts() throws Exception {
        long before;
        try (Journal journal = open()) {
            await(journal.append(Records.received("ex_paid", now, "agent-a", "team-a", "session-a", 5)));
            await(journal.append(Records.ended("ex_paid", now, "completed", "openai/small-1", 5L)));
        }
        try (Journal journal = open()) {
            before = journal.recovered().spent().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        now = now.plus(Duration.ofDays(31));
        try (Journal journal = open()) {
            drop(journal);
        }
        Files.delete(data.resolve(Journal.FOLDER).resolve(TallyFile.NAME));

        try (Journal journal = open()) {
            assertThat(before).isPositive();
            assertThat(journal.recovered().spent().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isGreaterThanOrEqualTo(before);
        }
    }

    @Test
    void process_thatEndsBetweenRecordAndDeletion_orInTheMiddleOfIt_goesOnAtItsNextStart() throws Exception {
        try (Journal journal = open()) {
            retention(journal).look();
        }
        Files.delete(JournalFolder.segment(data, 1));
        assertThat(verify(data).firstBad()).as("one of several is gone").isEmpty();
        int left = segments().size();

        try (Journal journal = open()) {
            JournalRetention retention = retention(journal);
            retention.look();

            assertThat(segments()).hasSizeLessThan(left);
            assertThat(JournalFolder.records(data).stream()
                            .filter(record -> record instanceof AuditRecord.Administrative told
                                    && told.action().equals(Tombstone.ACTION))
                            .map(record -> ((AuditRecord.Administrative) record).subject()))
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        }
        assertThat(verify(data).firstBad()).isEmpty();
    }

    @Test
    void follower_thatHasNotTakenARecord_keepsItsSegment() throws Exception {
        try (Journal journal = open()) {
            List<JournalEntry> entries = JournalFolder.entries(data);
            Head middle = Head.of(entries.get(entries.size() / 2));
            AtomicReference<Head> taken = new AtomicReference<>(middle);
            JournalRetention retention = retention(journal, () -> Optional.of(taken.get()));
            retention.look();
            now = now.plusSeconds(11);
            calls(journal, 1);
            retention.look();

            assertThat(segments())
                    .as("it does not even have the record that says so")
                    .contains(1L);
            taken.set(journal.head());
            retention.look();
            assertThat(segments()).first().isEqualTo(middle.end().segment());
        }
        assertThat(verify(data).firstBad()).isEmpty();
    }

    @Test
    void follower_withoutAnyRecord_keepsEverything() throws Exception {
        try (Journal journal = open()) {
            long end = journal.head().sequence();
            retention(journal, Optional::empty).look();

            assertThat(journal.head().sequence()).isEqualTo(end);
        }
    }

    @Test
    void missingBeginning_withoutTheRecordThatSaysSo_isNamed() throws Exception {
        Files.delete(JournalFolder.segment(data, 1));

        assertThat(bad(data).fault()).isEqualTo(Fault.SEGMENT_MISSING);
        assertThat(bad(data).message()).contains("no record in it says that its own policy dropped");
    }

    @Test
    void beginning_ofWhichMoreIsGoneThanTheLogSays_isNamed() throws Exception {
        try (Journal journal = open()) {
            drop(journal);
            now = now.plus(Duration.ofDays(1));
            calls(journal, 60);
        }
        Path copy = JournalFolder.copy(data);
        long oldest = segments().getFirst();
        Files.delete(JournalFolder.segment(copy, oldest));

        assertThat(verify(data).firstBad()).isEmpty();
        assertThat(bad(copy).fault()).isEqualTo(Fault.SEGMENT_MISSING);
    }

    @Test
    void beginning_thatOnlyAForgedRecordExplains_isNamed() throws Exception {
        TallyFile.Kept base =
                TallyFile.read(Segments.base(data.resolve(Journal.FOLDER), 2)).orElseThrow();
        Path copy = JournalFolder.copy(data);
        // As the last record of the log, behind the last checkpoint, with head and link made right.
        byte[] forged = JournalFolder.nextFrame(
                copy, Tombstone.record(now.minus(Duration.ofDays(31)), Segments.fileName(1), 0, base, KEEP));
        Path last = JournalFolder.segment(copy, segments().getLast());
        Files.write(last, forged, java.nio.file.StandardOpenOption.APPEND);
        Files.delete(JournalFolder.segment(copy, 1));

        assertThat(bad(copy).fault()).isEqualTo(Fault.MISSING);
        assertThat(bad(copy).message()).contains("no checkpoint covers");
    }

    @Test
    void beginning_explainedByARecordInsertedBeforeACheckpoint_isNamed() throws Exception {
        TallyFile.Kept base =
                TallyFile.read(Segments.base(data.resolve(Journal.FOLDER), 2)).orElseThrow();
        Rewrite rewrite = Rewrite.of(data);
        rewrite.insert(
                rewrite.size() - 2,
                Tombstone.record(now.minus(Duration.ofDays(31)), Segments.fileName(1), 0, base, KEEP));
        Path copy = rewrite.write();
        // All in one segment, the second: what was in the first is taken off.
        byte[] whole = Files.readAllBytes(JournalFolder.segment(copy, 1));
        byte[] first = Files.readAllBytes(JournalFolder.segment(data, 1));
        byte[] rest = new byte[whole.length - first.length + Frame.MAGIC.length];
        System.arraycopy(Frame.MAGIC, 0, rest, 0, Frame.MAGIC.length);
        System.arraycopy(whole, first.length, rest, Frame.MAGIC.length, whole.length - first.length);
        Files.delete(JournalFolder.segment(copy, 1));
        Files.write(JournalFolder.segment(copy, 2), rest);

        assertThat(bad(copy).fault()).isEqualTo(Fault.ANCHOR);
        assertThat(Verifier.verify(copy.resolve(Journal.FOLDER), read -> {})
                        .firstBad()
                        .orElseThrow()
                        .fault())
                .isEqualTo(Fault.CHECKPOINT);
    }

    @Test
    void evidence_ofACallThatIsStillThere_holds_andOfADroppedOneSaysSo() throws Exception {
        try (Journal journal = open()) {
            drop(journal);
            calls(journal, 5);
        }
        LogSource log = Verifier.source(data.resolve(Journal.FOLDER), read -> {});

        EvidencePack pack = EvidenceExport.of(log, "ex_" + (calls - 2));

        assertThat(EvidenceCheck.check(pack, new Trust(List.of(firstKey), anchors, List.of()))
                        .flaws())
                .isEmpty();
        assertThatThrownBy(() -> EvidenceExport.of(log, "ex_3"))
                .hasMessageContaining("the log has no call ex_3")
                .hasMessageContaining("were dropped by the log's own policy");
    }

    @Test
    void tail_ofALogWithoutItsBeginning_beginsWithWhatIsLeft() throws Exception {
        try (Journal journal = open()) {
            drop(journal);
            RecordFeed.Stretch stretch = journal.feed().read(Position.START, 10);

            assertThat(stretch.gap()).isEmpty();
            assertThat(stretch.entries()).isNotEmpty();
        }
    }

    private static void await(io.vertx.core.Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
