package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a journal is as it was written: everything that {@link LogCheck} checks, and that the last record is the one that the head names.
 *
 * <p>What it cannot tell without a key or an anchor from outside: that somebody who may write to the folder rewrote all of it, signed with a key of
 * his own. What it cannot tell at all: that somebody rewrote what stands behind the last checkpoint. Linear, with bounded memory; the journal may be
 * written meanwhile.
 */
public final class Verifier {
    private static final int MAX_ATTEMPTS = 5;

    private final Path folder;
    private final Position begin;
    private final Optional<Head> head;
    private final LongConsumer progress;
    private final LogCheck log;
    private long bytes;
    private boolean headSeen;

    private Verifier(
            Path folder,
            Optional<Head> head,
            Position begin,
            Optional<Tombstone> dropped,
            Trust trust,
            LongConsumer progress) {
        this.folder = folder;
        this.begin = begin;
        this.head = head;
        this.progress = progress;
        this.headSeen = head.isEmpty();
        this.log = new LogCheck(trust, dropped.orElse(null));
    }

    /**
     * Hands over all records of the journal in a folder; each pass reads it anew.
     *
     * @param progress told the number of bytes read, after each record
     */
    public static LogSource source(Path folder, LongConsumer progress) {
        return reader -> {
            long bytes = 0;
            try (JournalReader journal = JournalReader.open(folder, Position.START)) {
                boolean more = true;
                while (more) {
                    switch (journal.next()) {
                        case JournalReader.Step.Intact(JournalEntry entry) -> {
                            bytes += entry.end().offset() - entry.position().offset();
                            progress.accept(bytes);
                            more = reader.take(entry);
                        }
                        case JournalReader.Step.Damaged(Position at, String what) ->
                            throw new IOException(what + " in " + at + "; verify the journal");
                        case JournalReader.Step.Torn torn -> more = false;
                        case JournalReader.Step.End end -> more = false;
                    }
                }
            }
        };
    }

    /** Bytes of the journal in a folder. */
    public static long bytes(Path folder) throws IOException {
        return Segments.bytes(folder);
    }

    /** Verifies the journal in a folder by what it says of itself. */
    public static Verification verify(Path folder, LongConsumer progress) throws IOException {
        return verify(folder, Trust.NONE, progress);
    }

    /**
     * Verifies the journal in a folder. Blocks.
     *
     * @param folder the journal's own folder
     * @param trust what is known of it from elsewhere
     * @param progress told the number of bytes read, after each record
     * @throws IOException if the folder cannot be read or holds no journal
     * @throws IllegalArgumentException if an anchor is no checkpoint
     */
    public static Verification verify(Path folder, Trust trust, LongConsumer progress) throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<Long> segments = Segments.list(folder);
            if (segments.isEmpty()) {
                throw new NoSuchFileException(folder.toString(), null, "there is no journal in this folder");
            }
            long oldest = segments.getFirst();
            try {
                Verification found = verify(folder, segments, trust, progress);
                if (found.isGood() || !isDroppedMeanwhile(folder, oldest) || attempt == MAX_ATTEMPTS) {
                    return found;
                }
            } catch (NoSuchFileException gone) {
                if (!isDroppedMeanwhile(folder, oldest) || attempt == MAX_ATTEMPTS) {
                    throw gone;
                }
            }
        }
    }

    /** A gateway that drops segments while they are read is no fault of its log. */
    private static boolean isDroppedMeanwhile(Path folder, long oldest) throws IOException {
        List<Long> segments = Segments.list(folder);
        return !segments.isEmpty() && segments.getFirst() > oldest;
    }

    private static Verification verify(Path folder, List<Long> segments, Trust trust, LongConsumer progress)
            throws IOException {
        // Read first: the journal may grow meanwhile, but the head that was read must be in it.
        Optional<Head> head = HeadFile.read(folder);
        Position begin = new Position(segments.getFirst(), 0);
        Optional<Tombstone> dropped = begin.equals(Position.START) ? Optional.empty() : tombstone(folder, begin);
        Verifier verifier = new Verifier(folder, head, begin, dropped, trust, progress);
        if (dropped.isPresent() || begin.equals(Position.START)) {
            verifier.readAll();
        } else {
            verifier.log.fail(new Bad(
                    Fault.SEGMENT_MISSING,
                    Position.START,
                    "",
                    -1,
                    "the journal begins with " + Segments.fileName(begin.segment())
                            + ", and no record in it says that its own policy dropped what came before"));
        }
        return verifier.log.end(segments.size());
    }

    /** The record that says that what came before a segment was dropped; empty where none does. */
    private static Optional<Tombstone> tombstone(Path folder, Position begin) throws IOException {
        String before = Segments.fileName(begin.segment() - 1);
        try (JournalReader reader = JournalReader.open(folder, begin)) {
            while (true) {
                switch (reader.next()) {
                    case JournalReader.Step.Intact(JournalEntry entry) -> {
                        Optional<Tombstone> found = Tombstone.in(entry)
                                .filter(tombstone -> tombstone.what().equals(before));
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                    case JournalReader.Step.Damaged damaged -> {
                        // The pass that verifies names it.
                    }
                    case JournalReader.Step.Torn torn -> {
                        return Optional.empty();
                    }
                    case JournalReader.Step.End end -> {
                        return Optional.empty();
                    }
                }
            }
        }
    }

    private void readAll() throws IOException {
        if (head.isEmpty()) {
            log.note("the file that names the last acknowledged record is missing: a cut tail cannot be seen");
        }
        boolean more = true;
        try (JournalReader reader = JournalReader.open(folder, begin)) {
            while (more) {
                more = switch (reader.next()) {
                    case JournalReader.Step.Intact(JournalEntry entry) -> take(entry);
                    case JournalReader.Step.Damaged(Position at, String what) -> damaged(at, what);
                    case JournalReader.Step.Torn torn -> torn(torn);
                    case JournalReader.Step.End end -> false;
                };
            }
        }
        if (!headSeen && head.isPresent()) {
            Position at = log.last().map(Head::end).orElse(Position.START);
            log.fail(new Bad(
                    Fault.TAIL_MISSING,
                    at,
                    head.get().chain(),
                    head.get().sequence(),
                    head.get() + " was acknowledged, but the journal ends with "
                            + log.last().map(Head::toString).orElse("nothing")));
        }
    }

    private boolean take(JournalEntry entry) throws IOException {
        if (log.take(entry).isPresent()) {
            return false;
        }
        Bad other = checkHead(entry);
        if (other != null) {
            log.fail(other);
            return false;
        }
        noteRepair(entry);
        bytes += entry.end().offset() - entry.position().offset();
        progress.accept(bytes);
        return true;
    }

    /** Tells what the gateway itself found wrong when it started, and wrote down. */
    private void noteRepair(JournalEntry entry) throws IOException {
        if (entry.type().equals(RecordWriter.ADMINISTRATIVE)
                && entry.record() instanceof Administrative said
                && said.action().startsWith("journal_")) {
            log.note(entry + " says " + said.action() + ": " + said.subject() + " " + said.details());
        }
    }

    private @Nullable Bad checkHead(JournalEntry entry) {
        if (headSeen
                || !head.map(Head::sequence).equals(Optional.of(entry.sequence()))
                || !head.map(Head::chain).equals(Optional.of(entry.chain()))) {
            return null;
        }
        headSeen = true;
        return head.map(Head::hash).equals(Optional.of(entry.hash()))
                ? null
                : Bad.at(Fault.CHANGED, entry, "it is not the record that was acknowledged under this number");
    }

    private boolean damaged(Position at, String what) {
        boolean missing = at.offset() == 0 && what.endsWith("is missing");
        log.fail(new Bad(missing ? Fault.SEGMENT_MISSING : Fault.UNREADABLE, at, "", -1, what + after()));
        return false;
    }

    private boolean torn(JournalReader.Step.Torn torn) {
        boolean acknowledged = head.isPresent() && head.get().end().compareTo(torn.at()) > 0;
        if (acknowledged) {
            log.fail(new Bad(Fault.UNREADABLE, torn.at(), "", -1, torn.what() + after()));
        } else {
            log.note("the last segment ends in an incomplete record of " + torn.bytes()
                    + " bytes that was never acknowledged: a write was interrupted or is going on");
        }
        return false;
    }

    private String after() {
        return log.last().map(last -> ", after " + last).orElse("");
    }
}
