package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A journal as somebody rewrites it who knows its form: numbers, links, hashes, CRCs and head are made right again when it is written. */
public final class Rewrite {
    private final Path data;
    private final List<String> chains = new ArrayList<>();
    private final List<AuditRecord> records = new ArrayList<>();
    private Optional<SigningKey> signer = Optional.empty();

    private Rewrite(Path data) {
        this.data = data;
    }

    public static Rewrite of(Path data) throws IOException {
        Rewrite rewrite = new Rewrite(data);
        for (JournalEntry entry : JournalFolder.entries(data)) {
            rewrite.chains.add(entry.chain());
            rewrite.records.add(entry.record());
        }
        return rewrite;
    }

    int size() {
        return records.size();
    }

    AuditRecord record(int index) {
        return records.get(index);
    }

    String chain(int index) {
        return chains.get(index);
    }

    void append(String chain, AuditRecord record) {
        chains.add(chain);
        records.add(record);
    }

    int indexOf(Predicate<AuditRecord> which, int from) {
        int index = from;
        while (!which.test(records.get(index))) {
            index++;
        }
        return index;
    }

    void replace(int index, AuditRecord record) {
        records.set(index, record);
    }

    void insert(int index, AuditRecord record) {
        chains.add(index, chains.get(index));
        records.add(index, record);
    }

    void remove(int index) {
        chains.remove(index);
        records.remove(index);
    }

    void swap(int index) {
        records.add(index, records.remove(index + 1));
    }

    void removeIf(Predicate<AuditRecord> which, int from) {
        for (int i = records.size() - 1; i >= from; i--) {
            if (which.test(records.get(i))) {
                remove(i);
            }
        }
    }

    void truncate(int size) {
        chains.subList(size, chains.size()).clear();
        records.subList(size, records.size()).clear();
    }

    void dropChain(String chain) {
        for (int i = records.size() - 1; i >= 0; i--) {
            if (chains.get(i).equals(chain)) {
                remove(i);
            }
        }
    }

    List<String> chains() {
        return chains.stream().distinct().toList();
    }

    /** Lets each checkpoint be made again, by another key. */
    void signAgain(SigningKey key) {
        signer = Optional.of(key);
    }

    /** Writes it into one segment of a data folder of its own. */
    @CanIgnoreReturnValue
    public Path write() throws IOException {
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        segment.write(Frame.MAGIC);
        CompactRange tree = new CompactRange();
        Optional<Checkpoint.TreeHead> previous = Optional.empty();
        String chain = "";
        long sequence = -1;
        String hash = RecordHash.NONE;
        for (int i = 0; i < records.size(); i++) {
            AuditRecord record = records.get(i);
            if (record instanceof Sealed sealed && signer.isPresent()) {
                record = again(sealed, tree, previous, chain + "/" + sequence + " " + hash);
                previous = Optional.of(Checkpoint.TreeHead.of(tree));
            }
            sequence = chains.get(i).equals(chain) ? sequence + 1 : 0;
            chain = chains.get(i);
            byte[] frame = JournalFolder.frame(chain, sequence, hash, record);
            tree.append(Frame.hash(frame, 0));
            hash = RecordHash.hex(Frame.hash(frame, 0));
            segment.write(frame);
        }
        Path copy = Files.createTempDirectory(data, "rewritten");
        Path folder = Files.createDirectory(copy.resolve(Journal.FOLDER));
        Files.write(Segments.file(folder, 1), segment.toByteArray());
        try (HeadFile head = new HeadFile(HeadFile.in(folder))) {
            head.write(new Head(chain, sequence, hash, new Position(1, segment.size())));
        }
        return copy;
    }

    private Sealed again(Sealed old, CompactRange tree, Optional<Checkpoint.TreeHead> previous, String head) {
        SigningKey key = signer.orElseThrow();
        Checkpoint was = Checkpoint.parse(SignedNote.parse(old.note()).text());
        Checkpoint now = new Checkpoint(
                was.origin(), Checkpoint.TreeHead.of(tree), head, was.at(), previous, was.seen(), was.end());
        return new Sealed(
                old.at(), key.verifier().toString(), key.sign(now.text()).toString());
    }
}
