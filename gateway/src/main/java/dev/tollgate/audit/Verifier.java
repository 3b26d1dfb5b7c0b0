package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a journal is as it was written, as far as the journal alone can tell: every byte is under its record's hash, every record links
 * to the one before, every chain to the chain before, and the last record is the one that the head names.
 *
 * <p>What it cannot tell without signed checkpoints: that somebody who may write to the folder rewrote everything from some record on, links,
 * hashes and head included. Linear, with bounded memory; the journal may be written meanwhile.
 */
public final class Verifier {
    private static final int MAX_NOTES = 100;

    private final Path folder;
    private final Optional<Head> head;
    private final LongConsumer progress;
    private final RecordHash hash = new RecordHash();
    private final Map<String, Long> byType = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final long segments;
    private long chains;
    private long records;
    private @Nullable JournalEntry last;
    private boolean headSeen;
    private @Nullable Bad bad;

    private Verifier(Path folder, long segments, Optional<Head> head, LongConsumer progress) {
        this.folder = folder;
        this.segments = segments;
        this.head = head;
        this.progress = progress;
        this.headSeen = head.isEmpty();
    }

    /**
     * Verifies the journal in a folder. Blocks.
     *
     * @param folder the journal's own folder
     * @param progress told the number of records read, after each
     * @throws IOException if the folder cannot be read or holds no journal
     */
    public static Verification verify(Path folder, LongConsumer progress) throws IOException {
        long segments = Segments.list(folder).size();
        if (segments == 0) {
            throw new NoSuchFileException(folder.toString(), null, "there is no journal in this folder");
        }
        // Read first: the journal may grow meanwhile, but the head that was read must be in it.
        Optional<Head> head = HeadFile.read(folder);
        Verifier verifier = new Verifier(folder, segments, head, progress);
        verifier.readAll();
        return verifier.result();
    }

    private void readAll() throws IOException {
        if (head.isEmpty()) {
            notes.add("the file that names the last acknowledged record is missing: a cut tail cannot be seen");
        }
        try (JournalReader reader = JournalReader.open(folder, Position.START)) {
            boolean more = true;
            while (more && bad == null) {
                more = switch (reader.next()) {
                    case JournalReader.Step.Intact(JournalEntry entry) -> take(entry);
                    case JournalReader.Step.Damaged(Position at, String what) -> damaged(at, what);
                    case JournalReader.Step.Torn torn -> torn(torn);
                    case JournalReader.Step.End end -> false;
                };
            }
        }
        if (bad == null && !headSeen && head.isPresent()) {
            Position at = last == null ? Position.START : last.end();
            bad = new Bad(
                    Fault.TAIL_MISSING,
                    at,
                    head.get().chain(),
                    head.get().sequence(),
                    head.get() + " was acknowledged, but the journal ends with "
                            + (last == null ? "nothing" : last.toString()));
        }
    }

    private boolean take(JournalEntry entry) throws IOException {
        bad = check(entry);
        if (bad != null) {
            return false;
        }
        JournalEntry before = last;
        chains += before == null || !before.chain().equals(entry.chain()) ? 1 : 0;
        records++;
        byType.merge(entry.type(), 1L, Long::sum);
        last = entry;
        noteRepair(entry);
        progress.accept(records);
        return true;
    }

    /** Tells what the gateway itself found wrong when it started, and wrote down. */
    private void noteRepair(JournalEntry entry) throws IOException {
        if (entry.type().equals(RecordWriter.ADMINISTRATIVE)
                && entry.record() instanceof Administrative said
                && said.action().startsWith("journal_")
                && notes.size() < MAX_NOTES) {
            notes.add(entry + " says " + said.action() + ": " + said.subject() + " " + said.details());
        }
    }

    private @Nullable Bad check(JournalEntry entry) {
        if (!Arrays.equals(hash.of(entry.json(), 0, entry.json().length), entry.rawHash())) {
            return bad(Fault.CHANGED, entry, "its bytes are not those that were hashed when it was written");
        }
        JournalEntry before = last;
        Bad misplaced = before == null
                ? checkFirst(entry)
                : before.chain().equals(entry.chain()) ? checkNext(before, entry) : checkNewChain(before, entry);
        return misplaced == null ? checkHead(entry) : misplaced;
    }

    private static @Nullable Bad checkFirst(JournalEntry entry) {
        if (entry.sequence() != 0 || !entry.previous().equals(RecordHash.NONE)) {
            return bad(Fault.MISSING, entry, "the journal does not begin with it: what came before is missing");
        }
        return null;
    }

    private static @Nullable Bad checkNext(JournalEntry before, JournalEntry entry) {
        long expected = before.sequence() + 1;
        if (entry.sequence() > expected) {
            return bad(Fault.MISSING, entry, "record " + expected + " should stand here");
        }
        if (entry.sequence() < expected) {
            return bad(Fault.REPEATED, entry, "record " + expected + " should stand here");
        }
        return checkLink(before, entry);
    }

    private static @Nullable Bad checkNewChain(JournalEntry before, JournalEntry entry) {
        if (entry.sequence() != 0) {
            return bad(Fault.MISSING, entry, "a chain begins with record 0; what stood between is missing");
        }
        return checkLink(before, entry);
    }

    private static @Nullable Bad checkLink(JournalEntry before, JournalEntry entry) {
        return entry.previous().equals(before.hash())
                ? null
                : bad(
                        Fault.UNLINKED,
                        entry,
                        "its link does not fit " + before
                                + ": one of the two was replaced, or what stood between is missing");
    }

    private @Nullable Bad checkHead(JournalEntry entry) {
        if (headSeen
                || !head.map(Head::chain).equals(Optional.of(entry.chain()))
                || !head.map(Head::sequence).equals(Optional.of(entry.sequence()))) {
            return null;
        }
        headSeen = true;
        return head.map(Head::hash).equals(Optional.of(entry.hash()))
                ? null
                : bad(Fault.CHANGED, entry, "it is not the record that was acknowledged under this number");
    }

    private boolean damaged(Position at, String what) {
        boolean missing = at.offset() == 0 && what.endsWith("is missing");
        bad = new Bad(missing ? Fault.SEGMENT_MISSING : Fault.UNREADABLE, at, "", -1, what + after());
        return false;
    }

    private boolean torn(JournalReader.Step.Torn torn) {
        boolean acknowledged = head.isPresent() && head.get().end().compareTo(torn.at()) > 0;
        if (acknowledged) {
            bad = new Bad(Fault.UNREADABLE, torn.at(), "", -1, torn.what() + after());
        } else {
            notes.add("the last segment ends in an incomplete record of " + torn.bytes()
                    + " bytes that was never acknowledged: a write was interrupted or is going on");
        }
        return false;
    }

    private String after() {
        return last == null ? "" : ", after " + last;
    }

    private static Bad bad(Fault fault, JournalEntry entry, String message) {
        return new Bad(fault, entry.position(), entry.chain(), entry.sequence(), message);
    }

    private Verification result() {
        return new Verification(
                segments,
                chains,
                records,
                byType,
                Optional.ofNullable(bad),
                Optional.ofNullable(last).map(Head::of),
                notes);
    }
}
