package dev.tollgate.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What is kept of the records beside the journal itself. Belongs to the thread that commits.
 *
 * @param folder the journal's own folder
 * @param tally what the records add up to
 * @param sealer the tree over them, and its checkpoints
 * @param stillCounts whether a counter of money is worth keeping, by its key
 */
record Books(Path folder, Tally tally, Sealer sealer, Predicate<String> stillCounts) {
    /** Begins a commit with a checkpoint. */
    void seal(ChainWriter writer, Head last, Instant next) {
        for (AuditRecord record : sealer.checkpoint(last, next)) {
            sealer.add(writer.add(RecordWriter.write(record)), record);
        }
    }

    /** Writes all of it down, so that the next start need not read every record. */
    void keep(Head upTo) throws IOException {
        tally.forgetCounters(stillCounts);
        TallyFile.write(folder, new TallyFile.Kept(tally, sealer.seals(), upTo));
    }
}
