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
import java.time.Instant;
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
     * @param at when it was signed, or told
     * @param note as it was signed; null where the log that says so vouches for it
     */
    private record Anchor(
            String who,
            long size,
            String root,
            Instant at,
            @Nullable SignedNote note) {
        /** Whether the record that carries it is this one. */
        boolean isIn(@Nullable JournalEntry entry) {
            try {
                if (entry == null || !(entry.record() instanceof Sealed sealed)) {
                    return false;
                }
                String text = SignedNote.parse(sealed.note()).text();
                return note == null ? Checkpoint.parse(text).tree().size() == size : text.equals(note.text());
            } catch (IOException | IllegalArgumentException noCheckpoint) {
                return false;
            }
        }

        String missing() {
            return who + " is not itself in the log, right behind the " + size
                    + " records that it covers: checkpoints were dropped, or what follows is forked";
        }
    }

    /** Tells of a moment whether what was written then may be on its way to what is checked. */
    interface OnItsWay {
        boolean is(Instant at);
    }

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
                        checkpoint.at(),
                        note));
            }
        }
        for (Sighting seen : trust.sightings()) {
            if (seen.origin().equals(origin)) {
                anchors.add(new Anchor(
                        "the checkpoint that " + seen.by() + " saw", seen.size(), seen.root(), seen.at(), null));
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
        List<Anchor> missing = notIn(next, tree.size());
        Bad bad = check(tree, last, keys);
        return bad == null && !missing.isEmpty() ? bad(last, missing.getFirst().missing()) : bad;
    }

    /** Anchors of a size whose own checkpoint is not this entry. */
    private List<Anchor> notIn(@Nullable JournalEntry entry, long size) {
        List<Anchor> missing = new ArrayList<>();
        for (Anchor anchor : ahead) {
            if (anchor.size > size) {
                break;
            }
            if (!anchor.isIn(entry)) {
                missing.add(anchor);
            }
        }
        return missing;
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

    private static boolean isSigned(Anchor anchor, Collection<VerifierKey> keys) {
        SignedNote note = anchor.note;
        return note == null || keys.stream().anyMatch(key -> key.verifies(note));
    }

    /**
     * What was said of the log and lies behind its end, or was not signed by any of its keys.
     *
     * @param onItsWay what may be missing because it has not come yet, if it is not what another log saw here
     */
    @Nullable
    Bad end(CompactRange tree, @Nullable Head last, Collection<VerifierKey> keys, OnItsWay onItsWay) {
        List<Anchor> missing = notIn(null, tree.size());
        Bad here = check(tree, last, keys);
        if (here != null) {
            return here;
        }
        unsigned.addAll(ahead);
        for (Anchor anchor : unsigned) {
            if (!isSigned(anchor, keys)) {
                return bad(last, anchor.who + " is not signed by a key of this log");
            }
        }
        // The latest first: it tells best what is gone.
        for (Anchor anchor : List.copyOf(ahead).reversed()) {
            String sentence = anchor.who + " tells of " + anchor.size + " records, but the log ends after "
                    + tree.size() + ": its end was cut off, or rewritten";
            if (!mayCome(anchor, sentence, onItsWay)) {
                return bad(last, sentence);
            }
        }
        for (Anchor anchor : missing) {
            if (!mayCome(anchor, anchor.missing(), onItsWay)) {
                return bad(last, anchor.missing());
            }
        }
        return null;
    }

    private boolean mayCome(Anchor anchor, String sentence, OnItsWay onItsWay) {
        if (anchor.note == null || !onItsWay.is(anchor.at)) {
            return false;
        }
        note = sentence + ", or it has not come to this copy yet: verify again in a few minutes";
        return true;
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
