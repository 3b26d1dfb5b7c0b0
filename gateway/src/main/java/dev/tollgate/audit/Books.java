package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.seal.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is kept of the records beside the journal itself. Belongs to the thread that commits.
 *
 * @param folder the journal's own folder
 * @param tally what the records add up to
 * @param sealer the tree over them, and its checkpoints
 * @param recent the newest records in memory
 * @param stillCounts whether a counter of money is worth keeping, by its key
 */
record Books(Path folder, Tally tally, Sealer sealer, RecentRecords recent, Predicate<String> stillCounts) {
    /** Begins a commit with a checkpoint. */
    void seal(ChainWriter writer, Head last, Instant next) {
        seal(writer, last, next, Checkpoint.End.OPEN);
    }

    /** Makes the commit that ends the chain in good order: a checkpoint that says so. */
    void sealTheEnd(ChainWriter writer, Head last) {
        seal(writer, last, Instant.MIN, Checkpoint.End.CLOSED);
    }

    private void seal(ChainWriter writer, Head last, Instant next, Checkpoint.End end) {
        Instant at = sealer.timeFor(next);
        Optional<AuditRecord> keyChange = sealer.keyChange(at);
        Head before = last;
        if (keyChange.isPresent()) {
            String hash = RecordHash.hex(add(writer, keyChange.get()));
            before = new Head(last.chain(), last.sequence() + 1, hash, last.end());
        }
        add(writer, sealer.checkpoint(at, before, end));
    }

    /** Adds a record to a commit; yields its hash. */
    @CanIgnoreReturnValue
    byte[] add(ChainWriter writer, AuditRecord record) {
        return add(writer, record, RecordWriter.write(record));
    }

    /** @param json the record as it is written */
    @CanIgnoreReturnValue
    byte[] add(ChainWriter writer, AuditRecord record, byte[] json) {
        byte[] leaf = writer.add(json);
        sealer.add(leaf, record);
        if (recent.isWanted()) {
            recent.add(writer.added(record, json, leaf));
        }
        return leaf;
    }

    void committed() {
        sealer.committed();
        recent.committed();
    }

    void rolledBack() {
        sealer.rolledBack();
        recent.rolledBack();
    }

    /** Writes all of it down, so that the next start need not read every record. */
    void keep(Head upTo) throws IOException {
        TallyFile.write(folder.resolve(TallyFile.NAME), kept(upTo));
    }

    /** Writes down what comes before a segment, so that the journal can begin there one day. */
    void keepBefore(long segment, Head upTo) throws IOException {
        TallyFile.write(Segments.base(folder, segment), kept(upTo));
    }

    private TallyFile.Kept kept(Head upTo) {
        tally.forgetCounters(stillCounts);
        return new TallyFile.Kept(tally, sealer.seals(), upTo);
    }
}
