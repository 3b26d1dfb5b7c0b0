package dev.tollgate.audit;

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
 */
public record Verification(
        long segments,
        long chains,
        long records,
        Map<String, Long> byType,
        Optional<Bad> firstBad,
        Optional<Head> last,
        List<String> notes) {
    public Verification {
        byType = Map.copyOf(byType);
        notes = List.copyOf(notes);
    }

    public boolean isGood() {
        return firstBad.isEmpty();
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
        TAIL_MISSING
    }

    /**
     * @param fault what is wrong
     * @param at where
     * @param chain chain of the record; empty where it cannot be read
     * @param sequence its number; -1 where it cannot be read
     * @param message the same for people
     */
    public record Bad(Fault fault, Position at, String chain, long sequence, String message) {}
}
