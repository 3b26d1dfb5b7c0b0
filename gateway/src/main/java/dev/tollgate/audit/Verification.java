package dev.tollgate.audit;

import dev.tollgate.audit.seal.Checkpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link Verifier} found.
 *
 * @param segments segment files there were when it began
 * @param chains chains read
 * @param records records read and found good
 * @param byType the same by type of record
 * @param firstBad the first record that is not as it was written; empty where all are
 * @param last the last good record; empty where there is none
 * @param notes what is worth saying and no fault, one sentence each
 * @param seal what is under a signature
 * @param tree the tree over all records, those before a cut included; empty where something is wrong
 */
public record Verification(
        long segments,
        long chains,
        long records,
        Map<String, Long> byType,
        Optional<Bad> firstBad,
        Optional<Head> last,
        List<String> notes,
        Seal seal,
        Optional<Checkpoint.TreeHead> tree) {
    public Verification {
        byType = Map.copyOf(byType);
        notes = List.copyOf(notes);
    }

    public boolean isGood() {
        return firstBad.isEmpty();
    }

    /**
     * What is under a signature.
     *
     * @param checkpoints good ones
     * @param covered records that the last of them covers, from the first of the log on
     * @param uncovered records behind it, the checkpoint not counted: of these the links alone speak
     * @param keys public keys that the log named, in their order
     * @param isTrusted whether a key was given from outside; else the log vouches for its own
     */
    public record Seal(long checkpoints, long covered, long uncovered, List<String> keys, boolean isTrusted) {
        public Seal {
            keys = List.copyOf(keys);
        }
    }

    /** What can be wrong. */
    public enum Fault {
        /** The bytes are no record: its frame, its CRC or the first members of its JSON are not right. */
        UNREADABLE,
        /** The bytes are not those that were hashed when it was written: it was edited. */
        CHANGED,
        /** Records between the one before and this one are missing: removed, or moved elsewhere. */
        MISSING,
        /** A record of this number came before: inserted, doubled or moved. */
        REPEATED,
        /** Its link does not fit the record before: one of the two was replaced. */
        UNLINKED,
        /** A segment file is missing. */
        SEGMENT_MISSING,
        /** The journal ends before its last acknowledged record. */
        TAIL_MISSING,
        /** A checkpoint is not of the records before it, or not signed by the key in force. */
        CHECKPOINT,
        /** Checkpoints are missing: too many records, or too long a time, without one. */
        UNSEALED,
        /** A key that nobody vouches for. */
        KEY,
        /** The log does not contain what was said of it elsewhere: it was cut off, rewritten or forked. */
        ANCHOR,
        /** A call was received and never ended. */
        OUTCOME_MISSING,
        /** A payload is not the one that its record commits to. */
        PAYLOAD,
        /** Two copies of one log differ. */
        COPIES_DIFFER
    }

    /**
     * @param fault what is wrong
     * @param at where
     * @param chain chain of the record; empty where it cannot be read
     * @param sequence its number; -1 where it cannot be read
     * @param message the same for people
     */
    public record Bad(Fault fault, Position at, String chain, long sequence, String message) {
        /** What came before is missing, and nothing that is signed says why. */
        static Bad ofBeginning(Head before, String message) {
            return new Bad(Fault.MISSING, before.end(), before.chain(), before.sequence(), message);
        }

        static Bad at(Fault fault, JournalEntry entry, String message) {
            return new Bad(fault, entry.position(), entry.chain(), entry.sequence(), message);
        }
    }
}
