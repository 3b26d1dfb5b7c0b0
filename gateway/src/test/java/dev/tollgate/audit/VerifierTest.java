package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.policy.ByteSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to tamper with a journal is named; a clean one never is. */
final class VerifierTest {
    private static final int RECORDS = 30;

    @TempDir
    private Path data;

    private List<JournalEntry> entries = List.of();

    /** Two chains over several segments. */
    @BeforeEach
    void journal() throws Exception {
        AuditPolicy small = new AuditPolicy(Durability.FAST, new ByteSize(8000), null, null, null);
        for (int start = 0; start < 2; start++) {
            try (Journal journal = JournalFolder.open(data, small)) {
                for (int i = 0; i < RECORDS; i++) {
                    journal.append(Records.received("ex_" + start + "_" + i)).await(10, TimeUnit.SECONDS);
                    journal.append(Records.ended("ex_" + start + "_" + i)).await(10, TimeUnit.SECONDS);
                }
            }
        }
        entries = JournalFolder.entries(data);
    }

    @Test
    void cleanJournal_always_isGoodAndCounted() throws Exception {
        Verification result = JournalFolder.verify(data);

        assertThat(result.firstBad()).isEmpty();
        assertThat(result.records()).isEqualTo(4 * RECORDS + 2 + 4);
        assertThat(result.chains()).isEqualTo(2);
        assertThat(result.segments())
                .isEqualTo(Segments.list(data.resolve(Journal.FOLDER)).size());
        assertThat(result.byType())
                .isEqualTo(Map.of(
                        "received", 2L * RECORDS, "ended", 2L * RECORDS, "administrative", 2L, "checkpoint", 4L));
        assertThat(result.notes()).isEmpty();
    }

    @Test
    void anyByte_edited_isNamedWithItsRecord() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            JournalEntry victim = entries.get(random.nextInt(entries.size()));
            int length = (int) (victim.end().offset() - victim.position().offset());
            byte[] bytes = bytes(victim.position().segment());
            int at = (int) victim.position().offset() + random.nextInt(length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));

            Bad bad = firstBad(victim.position().segment(), bytes);

            assertThat(bad.at()).as("byte %d of %s", at, victim).isEqualTo(victim.position());
            assertThat(bad.fault()).isEqualTo(Fault.UNREADABLE);
        }
    }

    @Test
    void record_editedWithItsCrcMadeRight_isNamed() throws Exception {
        for (int index : new int[] {0, 7, 61, entries.size() - 1}) {
            JournalEntry victim = entries.get(index);
            byte[] bytes = bytes(victim.position().segment());
            int start = (int) victim.position().offset();
            byte[] hash = Frame.hash(bytes, start);
            int end = (int) victim.end().offset();
            bytes[end - 10] ^= 1;
            // Seals anew, then puts the old hash back and makes the CRC fit.
            reseal(bytes, start, end, hash);

            Bad bad = firstBad(victim.position().segment(), bytes);

            assertThat(bad.fault()).isEqualTo(Fault.CHANGED);
            assertThat(bad.sequence()).isEqualTo(victim.sequence());
            assertThat(bad.at()).isEqualTo(victim.position());
        }
    }

    @Test
    void record_editedWithHashAndCrcMadeRight_isSeenInItsSuccessorsLink() throws Exception {
        JournalEntry victim = entries.get(7);
        byte[] bytes = bytes(victim.position().segment());
        int start = (int) victim.position().offset();
        int end = (int) victim.end().offset();
        bytes[end - 10] ^= 1;
        byte[] hash = Frame.seal(bytes, start, end, new RecordHash());

        Bad bad = firstBad(victim.position().segment(), bytes);

        assertThat(hash).isNotEqualTo(victim.rawHash());
        assertThat(bad.fault()).isEqualTo(Fault.UNLINKED);
        assertThat(bad.sequence()).isEqualTo(victim.sequence() + 1);
        assertThat(bad.message()).contains("record " + victim.sequence());
    }

    @Test
    void lastRecord_replacedWithHashAndCrcMadeRight_isSeen() throws Exception {
        JournalEntry victim = entries.getLast();
        byte[] bytes = bytes(victim.position().segment());
        int end = (int) victim.end().offset();
        bytes[end - 10] ^= 1;
        byte[] hash = Frame.seal(bytes, (int) victim.position().offset(), end, new RecordHash());

        Bad bad = firstBad(victim.position().segment(), bytes);

        assertThat(hash).isNotEqualTo(victim.rawHash());
        assertThat(bad.fault()).isEqualTo(Fault.CHECKPOINT);
        assertThat(bad.sequence()).isEqualTo(victim.sequence());
    }

    @Test
    void record_removed_isNamed() throws Exception {
        for (int index : new int[] {0, 1, 2, 20, 61, 63, 64}) {
            JournalEntry victim = entries.get(index);

            Bad bad = firstBad(victim.position().segment(), frames(victim, List.of()));

            assertThat(bad.fault()).as("%s", victim).isEqualTo(Fault.MISSING);
            assertThat(bad.sequence()).isEqualTo(entries.get(index + 1).sequence());
        }
    }

    @Test
    void record_insertedOrDoubled_isNamed() throws Exception {
        JournalEntry victim = sameSegmentPair();
        byte[] own = frame(victim);
        byte[] foreign = JournalFolder.frame(
                victim.chain(), victim.sequence() + 1, victim.hash(), Records.administrative("forged"));

        Bad doubled = firstBad(victim.position().segment(), frames(victim, List.of(own, own)));
        Bad inserted = firstBad(victim.position().segment(), frames(victim, List.of(own, foreign)));

        assertThat(doubled.fault()).isEqualTo(Fault.REPEATED);
        assertThat(doubled.at()).isEqualTo(victim.end());
        assertThat(inserted.fault()).isEqualTo(Fault.REPEATED);
        assertThat(inserted.sequence()).isEqualTo(victim.sequence() + 1);
        assertThat(inserted.at().offset()).isEqualTo(victim.end().offset() + foreign.length);
    }

    @Test
    void records_swapped_areNamed() throws Exception {
        JournalEntry first = sameSegmentPair();
        JournalEntry second = entries.get(entries.indexOf(first) + 1);
        byte[] bytes = bytes(first.position().segment());
        byte[] swapped = concat(List.of(
                Arrays.copyOf(bytes, (int) first.position().offset()),
                frame(second),
                frame(first),
                Arrays.copyOfRange(bytes, (int) second.end().offset(), bytes.length)));

        Bad bad = firstBad(first.position().segment(), swapped);

        assertThat(bad.fault()).isEqualTo(Fault.MISSING);
        assertThat(bad.at()).isEqualTo(first.position());
        assertThat(bad.sequence()).isEqualTo(second.sequence());
    }

    @Test
    void segment_cutShort_isNamed() throws Exception {
        byte[] bytes = bytes(2);

        Bad inside = firstBad(2, Arrays.copyOf(bytes, bytes.length - 100));
        Bad between = firstBad(
                2,
                Arrays.copyOf(
                        bytes,
                        lastOf(2).position().offset() > 0
                                ? (int) lastOf(2).position().offset()
                                : 0));

        assertThat(inside.fault()).isEqualTo(Fault.UNREADABLE);
        assertThat(inside.at()).isEqualTo(lastOf(2).position());
        assertThat(between.fault()).isEqualTo(Fault.MISSING);
        assertThat(between.at().segment()).isEqualTo(3);
    }

    @Test
    void lastSegment_cutShort_isSeenAgainstTheHead() throws Exception {
        JournalEntry last = entries.getLast();
        long segment = last.position().segment();
        byte[] bytes = bytes(segment);

        Bad inside = firstBad(segment, Arrays.copyOf(bytes, bytes.length - 100));
        Bad between =
                firstBad(segment, Arrays.copyOf(bytes, (int) last.position().offset()));

        assertThat(inside.fault()).isEqualTo(Fault.UNREADABLE);
        assertThat(between.fault()).isEqualTo(Fault.TAIL_MISSING);
        assertThat(between.sequence()).isEqualTo(last.sequence());
    }

    @Test
    void segment_missing_isNamed() throws Exception {
        for (long segment : List.of(1L, 3L)) {
            byte[] bytes = bytes(segment);
            Files.delete(JournalFolder.segment(data, segment));

            Bad bad = JournalFolder.verify(data).firstBad().orElseThrow();

            assertThat(bad.fault()).isEqualTo(Fault.SEGMENT_MISSING);
            assertThat(bad.at().segment()).isEqualTo(segment);
            Files.write(JournalFolder.segment(data, segment), bytes);
        }
    }

    @Test
    void lastSegment_missing_isSeenAgainstTheHead() throws Exception {
        for (long segment : Segments.list(data.resolve(Journal.FOLDER))) {
            if (segment >= entries.getLast().position().segment()) {
                Files.delete(JournalFolder.segment(data, segment));
            }
        }

        assertThat(JournalFolder.verify(data).firstBad().orElseThrow().fault()).isEqualTo(Fault.TAIL_MISSING);
    }

    @Test
    void segments_renamedIntoAnotherOrder_areNamed() throws Exception {
        byte[] second = bytes(2);
        Files.write(JournalFolder.segment(data, 2), bytes(3));
        Files.write(JournalFolder.segment(data, 3), second);

        Bad bad = JournalFolder.verify(data).firstBad().orElseThrow();

        assertThat(bad.fault()).isEqualTo(Fault.MISSING);
        assertThat(bad.at().segment()).isEqualTo(2);
    }

    @Test
    void chain_droppedWithItsSegmentsRenumbered_isNamed() throws Exception {
        JournalEntry secondChain = entries.stream()
                .filter(entry -> !entry.chain().equals(entries.getFirst().chain()))
                .findFirst()
                .orElseThrow();
        List<Long> segments = Segments.list(data.resolve(Journal.FOLDER));
        for (long segment : segments) {
            Path file = JournalFolder.segment(data, segment);
            if (segment < secondChain.position().segment()) {
                Files.delete(file);
            } else {
                Files.move(
                        file,
                        JournalFolder.segment(
                                data, segment - secondChain.position().segment() + 1));
            }
        }

        Bad bad = JournalFolder.verify(data).firstBad().orElseThrow();

        assertThat(bad.fault()).isEqualTo(Fault.MISSING);
        assertThat(bad.chain()).isEqualTo(secondChain.chain());
    }

    @Test
    void headFile_missing_isNoted() throws Exception {
        Files.delete(data.resolve(Journal.FOLDER).resolve("head"));

        Verification result = JournalFolder.verify(data);

        assertThat(result.isGood()).isTrue();
        assertThat(result.notes()).anyMatch(note -> note.contains("a cut tail cannot be seen"));
    }

    @Test
    void folderWithoutJournal_verified_isRefused() {
        assertThatThrownBy(() -> Verifier.verify(data.resolve("nowhere"), read -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no journal in this folder");
    }

    /** Verifies with one segment replaced, then puts it back. */
    private Bad firstBad(long segment, byte[] replaced) throws IOException {
        Path file = JournalFolder.segment(data, segment);
        byte[] before = Files.readAllBytes(file);
        try {
            Files.write(file, replaced);
            Optional<Bad> bad = JournalFolder.verify(data).firstBad();
            assertThat(bad).isPresent();
            return bad.get();
        } finally {
            Files.write(file, before);
        }
    }

    private byte[] bytes(long segment) throws IOException {
        return Files.readAllBytes(JournalFolder.segment(data, segment));
    }

    private byte[] frame(JournalEntry entry) throws IOException {
        return Arrays.copyOfRange(
                bytes(entry.position().segment()), (int) entry.position().offset(), (int)
                        entry.end().offset());
    }

    /** The victim's segment with other frames in its place. */
    private byte[] frames(JournalEntry victim, List<byte[]> instead) throws IOException {
        byte[] bytes = bytes(victim.position().segment());
        List<byte[]> parts = new ArrayList<>();
        parts.add(Arrays.copyOf(bytes, (int) victim.position().offset()));
        parts.addAll(instead);
        parts.add(Arrays.copyOfRange(bytes, (int) victim.end().offset(), bytes.length));
        return concat(parts);
    }

    private JournalEntry sameSegmentPair() {
        for (int i = 5; i < entries.size(); i++) {
            if (entries.get(i).position().segment()
                    == entries.get(i + 1).position().segment()) {
                return entries.get(i);
            }
        }
        throw new AssertionError("no two records in one segment");
    }

    private JournalEntry lastOf(long segment) {
        return entries.stream()
                .filter(entry -> entry.position().segment() == segment)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static void reseal(byte[] bytes, int start, int end, byte[] hash) {
        System.arraycopy(hash, 0, bytes, start + 8, hash.length);
        CRC32C crc = new CRC32C();
        crc.update(bytes, start + 8, end - start - 8);
        ByteBuffer.wrap(bytes).putInt(start + 4, (int) crc.getValue());
    }

    private static byte[] concat(List<byte[]> parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }
}
