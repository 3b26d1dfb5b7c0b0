package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.policy.AuditPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The first records of a chain: that it was started and from where, what was found wrong, the ends of the calls that were left open, and the
 * checkpoint over all of them, so that the tail of the chain before is sealed at once.
 */
final class JournalStart {
    private final Path dataFolder;
    private final Recovery.Found found;
    private final InstantSource clock;
    private final Predicate<String> stillCounts;
    private final Instant now;

    JournalStart(Path dataFolder, Recovery.Found found, InstantSource clock, Predicate<String> stillCounts) {
        this.dataFolder = dataFolder;
        this.found = found;
        this.clock = clock;
        this.stillCounts = stillCounts;
        this.now = clock.instant();
    }

    /** A chain that goes on. */
    record Begun(ChainWriter writer, Books books, Head head, Recovered recovered) {}

    Begun begin(Disk disk, AuditPolicy policy) throws IOException {
        Head last = found.last();
        ChainId chain =
                last == null ? ChainId.first() : ChainId.parse(last.chain()).next();
        String origin = AuditKeys.origin(chain.node());
        if (last == null) {
            AuditKeys.refuseWithoutJournal(dataFolder);
        }
        // Fail closed: a log that goes on without the key that it names would prove nothing. The key of a new journal
        // is made
        // behind its first record, so that a key without a journal means that the journal was taken away.
        AuditKeys named = last == null
                ? null
                : AuditKeys.open(dataFolder, origin, found.seals().key());
        Path folder = dataFolder.resolve(Journal.FOLDER);
        ChainWriter writer = new ChainWriter(
                folder,
                disk,
                policy,
                chain.toString(),
                last == null ? RecordHash.NONE : last.hash(),
                found.nextSegment());
        if (last != null) {
            TallyFile.write(
                    Segments.base(folder, found.nextSegment()), new TallyFile.Kept(found.tally(), found.seals(), last));
        }
        try {
            Administrative started = started(chain, last);
            found.seals().take(writer.add(RecordWriter.write(started)), started);
            Head head = writer.commit();
            AuditKeys keys = named == null ? AuditKeys.open(dataFolder, origin, "") : named;
            Books books = new Books(
                    folder, found.tally(), new Sealer(found.seals(), keys, clock), new RecentRecords(), stillCounts);
            List<Recovered.Orphan> orphans = found.tally().orphans(now);
            return new Begun(writer, books, rest(writer, books, head, orphans), recovered(orphans));
        } catch (IOException | RuntimeException failure) {
            writer.close();
            throw failure;
        }
    }

    private Head rest(ChainWriter writer, Books books, Head started, List<Recovered.Orphan> orphans)
            throws IOException {
        List<AuditRecord> records = new ArrayList<>(found.findings());
        orphans.forEach(orphan -> records.add(orphan.ended()));
        Head head = started;
        for (AuditRecord record : records) {
            byte[] json = RecordWriter.write(record);
            boolean isDue = books.sealer().isFull();
            if (isDue || !writer.fits(json.length)) {
                head = commit(writer, books, head);
            }
            if (isDue) {
                books.seal(writer, head, now);
            }
            books.sealer().add(writer.add(json), record);
            found.tally().add(record);
        }
        head = commit(writer, books, head);
        books.seal(writer, head, now);
        return commit(writer, books, head);
    }

    private static Head commit(ChainWriter writer, Books books, Head before) throws IOException {
        if (writer.isEmpty()) {
            return before;
        }
        Head head = writer.commit();
        books.committed();
        return head;
    }

    private Recovered recovered(List<Recovered.Orphan> orphans) {
        return new Recovered(
                found.tally().spent(),
                orphans,
                found.tally().others(),
                found.tally().told(),
                found.tally().dropped(),
                found.findings().stream().map(JournalStart::sentence).toList());
    }

    private Administrative started(ChainId chain, @Nullable Head last) {
        Map<String, String> details = new LinkedHashMap<>();
        // From 2 on a chain has checkpoints.
        details.put("format", "2");
        details.put("node", chain.node());
        if (last != null) {
            details.put("previous_chain", last.chain());
            details.put("previous_seq", Long.toString(last.sequence()));
        }
        return new Administrative(now, "chain_started", "gateway", chain.toString(), details);
    }

    private static String sentence(Administrative finding) {
        return finding.action() + ": " + finding.subject() + " " + finding.details();
    }
}
