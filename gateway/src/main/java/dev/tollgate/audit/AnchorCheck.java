package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.Trust.Sighting;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a log contains what was said of it elsewhere: each tree of that size must have had that root, and be followed by the checkpoint that was kept. */
final class AnchorCheck {
    private final Deque<Anchor> ahead;
    /** Those whose key the log had not named when it came by. */
    private final List<Anchor> unsigned = new ArrayList<>();

    private long met;
    private String note = "";

    /**
     * @param who says so
     * @param note as it was signed; null where the log that says so vouches for it
     */
    private record Anchor(
            String who, long size, String root, @Nullable SignedNote note) {}

    private AnchorCheck(List<Anchor> anchors) {
        anchors.sort(Comparator.comparingLong(Anchor::size));
        this.ahead = new ArrayDeque<>(anchors);
    }

    /**
     * The anchors of one log among all.
     *
     * @throws IllegalArgumentException if an anchor is no checkpoint
     */
    static AnchorCheck of(String origin, Trust trust) {
        List<Anchor> anchors = new ArrayList<>();
        for (String text : trust.anchors()) {
            SignedNote note = SignedNote.parse(text);
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (checkpoint.origin().equals(origin)) {
                anchors.add(new Anchor(
                        "an anchor of " + checkpoint.at(),
                        checkpoint.tree().size(),
                        checkpoint.tree().root(),
                        note));
            }
        }
        for (Sighting seen : trust.sightings()) {
            if (seen.origin().equals(origin)) {
                anchors.add(new Anchor(seen.by(), seen.size(), seen.root(), null));
            }
        }
        return new AnchorCheck(anchors);
    }

    /** Passes over what was said of records that were dropped since. */
    void begin(long size) {
        while (!ahead.isEmpty() && ahead.getFirst().size < size) {
            ahead.removeFirst();
        }
    }

    /**
     * Checks what was said of a tree of this size.
     *
     * @param next the entry behind it, where an anchor's own checkpoint must stand
     */
    @Nullable
    Bad check(CompactRange tree, @Nullable Head last, Collection<VerifierKey> keys, JournalEntry next) {
        SignedNote missing = notIn(next, tree.size());
        Bad bad = check(tree, last, keys);
        return bad == null && missing != null ? bad(last, sentence(missing)) : bad;
    }

    /** The first anchor of a size whose own checkpoint is not this entry; null for none. */
    private @Nullable SignedNote notIn(@Nullable JournalEntry entry, long size) {
        for (Anchor anchor : ahead) {
            if (anchor.size > size) {
                break;
            }
            if (anchor.note != null && !isIn(entry, anchor.note)) {
                return anchor.note;
            }
        }
        return null;
    }

    private static String sentence(SignedNote missing) {
        Checkpoint checkpoint = Checkpoint.parse(missing.text());
        return "an anchor of " + checkpoint.at() + " is not itself in the log, right behind the "
                + checkpoint.tree().size()
                + " records that it covers: checkpoints were dropped, or what follows is forked";
    }

    private @Nullable Bad check(CompactRange tree, @Nullable Head last, Collection<VerifierKey> keys) {
        while (!ahead.isEmpty() && ahead.getFirst().size == tree.size()) {
            Anchor anchor = ahead.removeFirst();
            if (!Base64.getEncoder().encodeToString(tree.root()).equals(anchor.root)) {
                return bad(
                        last,
                        anchor.who + " tells of another tree of " + anchor.size
                                + " records than this log has: it was rewritten, or forked, up to here");
            }
            met++;
            if (!isSigned(anchor, keys)) {
                unsigned.add(anchor);
            }
        }
        return null;
    }

    private static boolean isIn(@Nullable JournalEntry entry, SignedNote note) {
        try {
            return entry != null
                    && entry.record() instanceof Sealed sealed
                    && SignedNote.parse(sealed.note()).text().equals(note.text());
        } catch (IOException | IllegalArgumentException noCheckpoint) {
            return false;
        }
    }

    private static boolean isSigned(Anchor anchor, Collection<VerifierKey> keys) {
        SignedNote note = anchor.note;
        return note == null || keys.stream().anyMatch(key -> key.verifies(note));
    }

    /**
     * What was said of the log and lies behind its end, or was not signed by any of its keys.
     *
     * @param isWhole whether the newest anchor's own checkpoint must be there; it may not have come to a copy yet
     */
    @Nullable
    Bad end(CompactRange tree, @Nullable Head last, Collection<VerifierKey> keys, boolean isWhole) {
        SignedNote missing = notIn(null, tree.size());
        Bad here = check(tree, last, keys);
        if (here != null) {
            return here;
        }
        if (missing != null && isWhole) {
            return bad(last, sentence(missing));
        }
        note = missing == null ? "" : sentence(missing) + ", or it has not come to this copy yet";
        unsigned.addAll(ahead);
        for (Anchor anchor : unsigned) {
            if (!isSigned(anchor, keys)) {
                return bad(last, anchor.who + " is not signed by a key of this log");
            }
        }
        if (ahead.isEmpty()) {
            return null;
        }
        Anchor anchor = ahead.getLast();
        return bad(
                last,
                anchor.who + " tells of " + anchor.size + " records, but the log ends after " + tree.size()
                        + ": its end was cut off, or rewritten");
    }

    private static Bad bad(@Nullable Head last, String message) {
        return last == null
                ? new Bad(Fault.ANCHOR, Position.START, "", -1, message)
                : new Bad(Fault.ANCHOR, last.end(), last.chain(), last.sequence(), message);
    }

    /** How many of them the log contains. */
    long met() {
        return met;
    }

    /** What may be wrong at the end; empty where nothing is. */
    String note() {
        return note;
    }
}
