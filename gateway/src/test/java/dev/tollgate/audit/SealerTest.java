package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.VerifierKey;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealerTest {
    @TempDir
    private Path data;

    private volatile Instant now = Records.NOON.plusSeconds(60);

    @Test
    void everyCheckpoint_coversAllBeforeIt_andIsSigned() throws Exception {
        for (int start = 0; start < 3; start++) {
            try (Journal journal = open()) {
                for (int i = 0; i < 30; i++) {
                    await(journal.append(Records.received("ex_" + start + "_" + i)));
                    now = now.plusSeconds(1);
                }
            }
        }

        assertAllCover(AuditKeys.shown(data));
        assertThat(checkpoints()).hasSizeGreaterThan(3 * 3);
    }

    @Test
    void burst_ofRecords_isNeverUnsealedForMoreThanAThousand() throws Exception {
        try (Journal journal = open()) {
            List<Future<Void>> pending = new ArrayList<>();
            for (int i = 0; i < 5500; i++) {
                pending.add(journal.append(Records.administrative("done")));
            }
            await(Future.all(pending));
        }

        long unsealed = 0;
        for (JournalEntry entry : JournalFolder.entries(data)) {
            unsealed = entry.record() instanceof Sealed ? 0 : unsealed + 1;
            assertThat(unsealed).isLessThanOrEqualTo(Sealer.MAX_UNSEALED);
        }
        assertAllCover(AuditKeys.shown(data));
    }

    @Test
    void quietMoment_beforeACheckpointIsDue_isUsedForIt() throws Exception {
        try (Journal journal = open()) {
            for (int i = 0; i < 990; i++) {
                await(journal.append(Records.administrative("done")));
                if (i >= 950) {
                    // Long enough for a busy machine to see that nobody waits.
                    TimeUnit.MILLISECONDS.sleep(2);
                }
            }
        }

        List<AuditRecord> records =
                JournalFolder.entries(data).stream().map(SealerTest::record).toList();
        int made = records.subList(10, records.size()).stream()
                .map(Sealed.class::isInstance)
                .toList()
                .indexOf(true);
        assertThat(made + 10).as("of %d records", records.size()).isBetween(950, 990);
        assertAllCover(AuditKeys.shown(data));
    }

    private static AuditRecord record(JournalEntry entry) {
        try {
            return entry.record();
        } catch (IOException noRecord) {
            throw new AssertionError(noRecord);
        }
    }

    @Test
    void start_afterAKill_sealsTheTailAtOnce() throws Exception {
        Path killed;
        try (Journal journal = open()) {
            await(journal.append(Records.received("ex_1")));
            killed = JournalFolder.copy(data);
        }
        Journal.open(killed, JournalFolder.FAST, () -> now, counter -> true).close();

        List<JournalEntry> entries = JournalFolder.entries(killed);
        assertThat(entries.get(3).record()).isInstanceOf(Administrative.class);
        assertThat(entries.get(5).record())
                .isInstanceOfSatisfying(
                        Sealed.class,
                        last -> assertThat(checkpoint(last).tree().size()).isEqualTo(5));
    }

    @Test
    void keptTree_andTheOneReadFromTheJournal_areTheSame() throws Exception {
        try (Journal journal = open()) {
            for (int i = 0; i < 50; i++) {
                await(journal.append(Records.received("ex_" + i)));
            }
        }
        Path copy = JournalFolder.copy(data);
        Files.delete(copy.resolve(Journal.FOLDER).resolve("tally"));
        Recovery.Found kept = Recovery.run(data.resolve(Journal.FOLDER), now);
        Recovery.Found read = Recovery.run(copy.resolve(Journal.FOLDER), now);

        assertThat(kept.seals().tree().root()).isEqualTo(read.seals().tree().root());
        assertThat(kept.seals().last()).isEqualTo(read.seals().last()).isPresent();
        assertThat(kept.seals().at()).isEqualTo(read.seals().at());
        assertThat(kept.seals().key()).isEqualTo(read.seals().key()).isNotEmpty();
        assertThat(kept.seals().unsealed()).isEqualTo(read.seals().unsealed()).isZero();
    }

    @Test
    void key_rotatedBesideAGateway_isTakenUpWithTheNextCheckpoint() throws Exception {
        VerifierKey before;
        VerifierKey next;
        try (Journal journal = open()) {
            before = AuditKeys.shown(data);
            next = AuditKeys.prepareNext(data, journal.head().node(), false);
            assertThatThrownBy(() -> AuditKeys.prepareNext(data, journal.head().node(), false))
                    .hasMessageContaining("waits already");
            now = now.plusSeconds(11);
            await(journal.append(Records.received("ex_1")));
        }

        assertThat(AuditKeys.shown(data)).isEqualTo(next);
        assertThat(data.resolve(AuditKeys.NEXT)).doesNotExist();
        Administrative change = JournalFolder.records(data).stream()
                .filter(Administrative.class::isInstance)
                .map(Administrative.class::cast)
                .filter(KeyChange::isOne)
                .findFirst()
                .orElseThrow();
        assertThat(change.subject()).isEqualTo(next.toString());
        assertThat(KeyChange.isEndorsed(before, next, KeyChange.endorsement(change)))
                .isTrue();
        assertThat(next.verifies(SignedNote.parse(checkpoints().getLast().note())))
                .isTrue();
        open().close();
    }

    @Test
    void key_onTheLogButNotMovedYet_isMovedByTheNextStart() throws Exception {
        Journal journal = open();
        VerifierKey next = AuditKeys.prepareNext(data, journal.head().node(), false);
        byte[] waiting = Files.readAllBytes(data.resolve(AuditKeys.NEXT));
        byte[] old = Files.readAllBytes(data.resolve(AuditKeys.NAME));
        now = now.plusSeconds(11);
        await(journal.append(Records.received("ex_1")));
        journal.close();
        Files.write(data.resolve(AuditKeys.NAME), old);
        Files.write(data.resolve(AuditKeys.NEXT), waiting);
        Files.setPosixFilePermissions(
                data.resolve(AuditKeys.NEXT), Files.getPosixFilePermissions(data.resolve(AuditKeys.NAME)));

        open().close();

        assertThat(AuditKeys.shown(data)).isEqualTo(next);
    }

    @Test
    void key_missing_keepsTheJournalFromOpening_untilItIsReplaced() throws Exception {
        Journal first = open();
        String node = first.head().node();
        first.close();
        Files.delete(data.resolve(AuditKeys.NAME));

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tollgate audit key rotate --lost");

        VerifierKey next = AuditKeys.prepareNext(data, node, true);
        open().close();
        assertThat(AuditKeys.shown(data)).isEqualTo(next);
        assertThat(JournalFolder.records(data))
                .anyMatch(record -> record instanceof Administrative said
                        && said.action().equals(KeyChange.REPLACED)
                        && said.subject().equals(next.toString()));
    }

    @Test
    void key_ofAnotherJournalOrUnreadable_isRefused() throws Exception {
        open().close();
        Path key = data.resolve(AuditKeys.NAME);
        byte[] own = Files.readAllBytes(key);
        Files.writeString(key, "nothing");
        assertThatThrownBy(this::open).hasMessageContaining("cannot be read");
        Files.writeString(
                key,
                dev.tollgate.audit.seal.SigningKey.generate("tollgate.dev/other")
                        .toFile());
        assertThatThrownBy(this::open).hasMessageContaining("but the journal was signed by");
        Files.write(key, own);
        Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::open).hasMessageContaining("only its owner may read it");
    }

    @Test
    void journal_takenAway_isNotBegunAnewInSilence() throws Exception {
        open().close();
        Files.move(data.resolve(Journal.FOLDER), data.resolve("elsewhere"));

        assertThatThrownBy(this::open).hasMessageContaining("belongs to a journal that is not there");
    }

    @Test
    void commitThatFails_leavesTheTreeAsItWas() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> now, counter -> true, disk)) {
            await(journal.append(Records.received("ex_1")));
            disk.fault = FaultyDisk.Fault.FULL;
            now = now.plusSeconds(20);
            assertThatThrownBy(() -> await(journal.append(Records.received("ex_2"))))
                    .hasMessageContaining("No space left");
            disk.fault = FaultyDisk.Fault.NONE;
            await(journal.append(Records.received("ex_3")));
        }

        assertAllCover(AuditKeys.shown(data));
    }

    @Test
    void anchor_isToldEachCheckpoint_theNewestFirst() throws Exception {
        List<String> told = new ArrayList<>();
        try (Journal journal = open()) {
            journal.anchor(told::add);
            journal.see(() -> List.of(new Checkpoint.Seen("tollgate.dev/other", checkpointTree())));
            now = now.plusSeconds(11);
            await(journal.append(Records.received("ex_1")));
        }

        assertThat(told).isEqualTo(checkpoints().stream().map(Sealed::note).toList());
        assertThat(checkpoint(checkpoints().getLast()).seen())
                .extracting("origin")
                .containsExactly("tollgate.dev/other");
    }

    private static Checkpoint.TreeHead checkpointTree() {
        return Checkpoint.TreeHead.of(new CompactRange());
    }

    private void assertAllCover(VerifierKey key) throws Exception {
        CompactRange tree = new CompactRange();
        Checkpoint.TreeHead previous = null;
        for (JournalEntry entry : JournalFolder.entries(data)) {
            if (entry.record() instanceof Sealed sealed) {
                Checkpoint checkpoint = checkpoint(sealed);
                assertThat(checkpoint.tree()).isEqualTo(Checkpoint.TreeHead.of(tree));
                assertThat(checkpoint.previous().orElse(null)).isEqualTo(previous);
                assertThat(key.verifies(SignedNote.parse(sealed.note()))).isTrue();
                assertThat(sealed.key()).isEqualTo(key.toString());
                previous = checkpoint.tree();
            }
            tree.append(entry.rawHash());
        }
    }

    private List<Sealed> checkpoints() throws IOException {
        List<Sealed> checkpoints = new ArrayList<>();
        for (JournalEntry entry : JournalFolder.entries(data)) {
            if (entry.record() instanceof Sealed sealed) {
                checkpoints.add(sealed);
            }
        }
        return checkpoints;
    }

    private static Checkpoint checkpoint(Sealed sealed) {
        return Checkpoint.parse(SignedNote.parse(sealed.note()).text());
    }

    private Journal open() throws IOException {
        return Journal.open(data, JournalFolder.FAST, () -> now, counter -> true);
    }

    private static void await(Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
