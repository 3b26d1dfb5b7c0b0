package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A journal folder as tests look at it and damage it. */
public final class JournalFolder {
    public static final AuditPolicy FAST = new AuditPolicy(Durability.FAST, null, null, null, null);

    private JournalFolder() {}

    public static Journal open(Path data) throws IOException {
        return open(data, AuditPolicy.DEFAULT);
    }

    public static Journal open(Path data, AuditPolicy policy) throws IOException {
        return Journal.open(data, policy, () -> Records.NOON.plusSeconds(60), counter -> true);
    }

    /** Opens one whose disk a test decides on. */
    public static Journal open(Path data, FaultyDisk disk) throws IOException {
        return Journal.open(data, AuditPolicy.DEFAULT, () -> Records.NOON.plusSeconds(60), counter -> true, disk);
    }

    /** Lets retention look once, now. */
    public static void look(JournalRetention retention) throws Exception {
        retention.look();
    }

    static Verification verify(Path data) throws IOException {
        return Verifier.verify(data.resolve(Journal.FOLDER), read -> {});
    }

    /**
     * Asserts that nothing is wrong.
     *
     * @param records that there must be, checkpoints not counted
     */
    @CanIgnoreReturnValue
    static Verification assertGood(Path data, long records) throws IOException {
        Verification verification = verify(data);
        assertThat(verification.firstBad()).isEmpty();
        long checkpoints = verification.byType().getOrDefault(RecordWriter.CHECKPOINT, 0L);
        assertThat(verification.records() - checkpoints).isEqualTo(records);
        return verification;
    }

    static List<JournalEntry> entries(Path data) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(data.resolve(Journal.FOLDER), Position.START)) {
            while (reader.next() instanceof JournalReader.Step.Intact(JournalEntry entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** All records but the checkpoints. */
    static List<AuditRecord> records(Path data) throws IOException {
        List<AuditRecord> records = new ArrayList<>();
        for (JournalEntry entry : entries(data)) {
            if (!entry.type().equals(RecordWriter.CHECKPOINT)) {
                records.add(entry.record());
            }
        }
        return records;
    }

    static Path segment(Path data, long number) {
        return Segments.file(data.resolve(Journal.FOLDER), number);
    }

    static void flipByte(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) offset] ^= 1;
        Files.write(file, bytes);
    }

    static Path copy(Path data) throws IOException {
        Path target = Files.createTempDirectory(data, "copy");
        if (Files.exists(data.resolve(AuditKeys.NAME))) {
            Files.copy(
                    data.resolve(AuditKeys.NAME), target.resolve(AuditKeys.NAME), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path from = data.resolve(Journal.FOLDER);
        Path to = Files.createDirectory(target.resolve(Journal.FOLDER));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return target;
    }

    /** The frame that would follow the last record. */
    static byte[] nextFrame(Path data, AuditRecord record) throws IOException {
        JournalEntry last = entries(data).getLast();
        return frame(last.chain(), last.sequence() + 1, last.hash(), record);
    }

    static byte[] frame(String chain, long sequence, String previous, AuditRecord record) throws IOException {
        byte[] bytes = new byte[100_000];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.position(Frame.HEADER);
        Envelope.put(buffer, chain, sequence, previous);
        byte[] json = RecordWriter.write(record);
        buffer.put(json, 1, json.length - 1);
        byte[] hash = Frame.seal(bytes, 0, buffer.position(), new RecordHash());
        assertThat(hash).hasSize(RecordHash.LENGTH);
        return Arrays.copyOf(bytes, buffer.position());
    }
}
