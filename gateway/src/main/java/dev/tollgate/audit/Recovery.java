package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a journal back before it is written on: what it adds up to, where its last chain ends, and what is wrong with it.
 *
 * <p>A torn tail is cut off only where nothing acknowledged can be in it: nothing intact lies behind it and the head does not reach into it.
 * Any other damage is left in its place for the verifier to name, is said in the log and in the new chain, and the new chain links to the last
 * record that can be read.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Path folder;
    private final Optional<Head> head;
    private final List<Administrative> findings = new ArrayList<>();
    private Tally tally = new Tally();
    private Seals seals = new Seals();
    private @Nullable Head last;

    private Recovery(Path folder, Optional<Head> head) {
        this.folder = folder;
        this.head = head;
    }

    /**
     * What was found.
     *
     * @param tally what all records add up to
     * @param seals the tree over all records
     * @param last the last record; null where there is none
     * @param nextSegment number of the segment to begin with
     * @param findings what was wrong and what was done about it
     */
    record Found(Tally tally, Seals seals, @Nullable Head last, long nextSegment, List<Administrative> findings) {}

    static Found run(Path folder, Instant now) throws IOException {
        Recovery recovery = new Recovery(folder, HeadFile.read(folder));
        Position from = recovery.startFromKept(now);
        recovery.readFrom(from, now);
        recovery.compareWithHead(now);
        return recovery.found();
    }

    private Position startFromKept(Instant now) throws IOException {
        Optional<TallyFile.Kept> kept = TallyFile.read(folder.resolve(TallyFile.NAME));
        if (kept.isPresent() && fits(kept.get().upTo(), kept.get().upTo().end())) {
            return start(kept.get(), kept.get().upTo().end());
        }
        List<Long> segments = Segments.list(folder);
        long oldest = segments.isEmpty() ? 1 : segments.getFirst();
        if (oldest > 1) {
            Position begin = new Position(oldest, 0);
            Optional<TallyFile.Kept> base = TallyFile.read(Segments.base(folder, oldest));
            if (base.isPresent() && !contradicts(base.get().upTo(), begin)) {
                return start(base.get(), begin);
            }
            finding(
                    now,
                    "journal_damaged",
                    begin,
                    Map.of(
                            "what",
                            "what came before it is not known: "
                                    + Segments.base(folder, oldest).getFileName() + " is missing or damaged"));
            return begin;
        }
        return Position.START;
    }

    private Position start(TallyFile.Kept kept, Position from) {
        tally = kept.tally();
        seals = kept.seals();
        last = kept.upTo();
        return from;
    }

    /** Whether the record at a place follows a kept head, or there is none. */
    private boolean fits(Head kept, Position at) throws IOException {
        try (JournalReader reader = JournalReader.open(folder, at)) {
            return switch (reader.next()) {
                case JournalReader.Step.Intact(JournalEntry entry) ->
                    entry.previous().equals(kept.hash());
                // Nothing behind it: then the head must say the same, or the segment it names is gone.
                case JournalReader.Step.End end -> head.equals(Optional.of(kept));
                case JournalReader.Step.Torn torn -> head.equals(Optional.of(kept));
                case JournalReader.Step.Damaged damaged -> false;
            };
        }
    }

    private boolean contradicts(Head kept, Position at) throws IOException {
        try (JournalReader reader = JournalReader.open(folder, at)) {
            return reader.next() instanceof JournalReader.Step.Intact(JournalEntry entry)
                    && !entry.previous().equals(kept.hash());
        }
    }

    private void readFrom(Position from, Instant now) throws IOException {
        try (JournalReader reader = JournalReader.open(folder, from)) {
            while (true) {
                switch (reader.next()) {
                    case JournalReader.Step.Intact(JournalEntry entry) -> take(entry);
                    case JournalReader.Step.Damaged(Position at, String what) -> {
                        if (isBehindAllAcknowledged(at)) {
                            tail(new JournalReader.Step.Torn(at, what, size(at.segment()) - at.offset()), now);
                            return;
                        }
                        finding(now, "journal_damaged", at, Map.of("what", what));
                    }
                    case JournalReader.Step.Torn torn -> {
                        tail(torn, now);
                        return;
                    }
                    case JournalReader.Step.End(Position at) -> {
                        cutZeros(at);
                        return;
                    }
                }
            }
        }
    }

    /**
     * Whether damage lies in the last segment behind whatever was acknowledged. A loss of power may leave the end of an interrupted write on the
     * disk without its beginning.
     */
    private boolean isBehindAllAcknowledged(Position at) throws IOException {
        List<Long> segments = Segments.list(folder);
        return head.isPresent()
                && head.get().end().compareTo(at) <= 0
                && !segments.isEmpty()
                && segments.getLast() == at.segment();
    }

    /** Takes away what was written ahead for records that did not come any more. */
    private void cutZeros(Position end) throws IOException {
        if (Segments.list(folder).contains(end.segment()) && size(end.segment()) > end.offset()) {
            cut(end);
        }
    }

    private void cut(Position end) throws IOException {
        try (FileChannel segment = FileChannel.open(Segments.file(folder, end.segment()), StandardOpenOption.WRITE)) {
            segment.truncate(end.offset());
            segment.force(true);
        }
    }

    private void take(JournalEntry entry) throws IOException {
        AuditRecord record = entry.record();
        tally.add(record);
        seals.take(entry.rawHash(), record);
        last = Head.of(entry);
    }

    private void tail(JournalReader.Step.Torn torn, Instant now) throws IOException {
        boolean acknowledged = head.isPresent() && head.get().end().compareTo(torn.at()) > 0;
        if (acknowledged) {
            finding(now, "journal_damaged", torn.at(), Map.of("what", torn.what()));
            return;
        }
        cut(torn.at());
        if (torn.at().offset() > Frame.MAGIC.length) {
            finding(now, "journal_repaired", torn.at(), Map.of("cut_bytes", Long.toString(torn.bytes())));
        }
    }

    private void compareWithHead(Instant now) {
        if (head.isEmpty()) {
            return;
        }
        Head acknowledged = head.get();
        Head end = last;
        boolean missing = end == null
                || end.end().compareTo(acknowledged.end()) < 0
                || (end.chain().equals(acknowledged.chain()) && end.sequence() < acknowledged.sequence());
        if (missing) {
            finding(
                    now,
                    "journal_tail_missing",
                    acknowledged.end(),
                    Map.of("acknowledged", acknowledged.toString(), "found", end == null ? "nothing" : end.toString()));
        }
    }

    private void finding(Instant now, String action, Position at, Map<String, String> facts) {
        Map<String, String> details = new TreeMap<>(facts);
        details.put("offset", Long.toString(at.offset()));
        LOG.warn("{}: {} {}", action, at, facts);
        findings.add(new Administrative(now, action, "gateway", Segments.fileName(at.segment()), details));
    }

    private Found found() throws IOException {
        List<Long> segments = Segments.list(folder);
        long highest = segments.isEmpty() ? 0 : segments.getLast();
        // A last segment without any byte of a record was begun and not used: it is begun again.
        boolean unused = highest > 0 && size(highest) <= Frame.MAGIC.length;
        return new Found(tally, seals, last, unused ? highest : highest + 1, findings);
    }

    private long size(long segment) throws IOException {
        try (FileChannel file = FileChannel.open(Segments.file(folder, segment), StandardOpenOption.READ)) {
            return file.size();
        }
    }
}
