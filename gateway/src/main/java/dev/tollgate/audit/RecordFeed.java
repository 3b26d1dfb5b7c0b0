package dev.tollgate.audit;

import java.io.IOException;
import java.util.List;

/** Reads the records of a log that is being written, from any of them on, for whoever follows it. */
public interface RecordFeed {
    /**
     * A stretch of the log.
     *
     * @param entries in order
     * @param next where the one after it begins
     * @param gap what lay between that is no record, or gone; empty where nothing did
     */
    record Stretch(List<JournalEntry> entries, Position next, String gap) {
        public Stretch {
            entries = List.copyOf(entries);
        }
    }

    /** Where the next record will begin. */
    Position end();

    /**
     * What was acknowledged from a position on: at most so many records, at most about a mebibyte of them. Blocks while it reads.
     *
     * @param from {@link Position#START}, or the end of a record
     */
    Stretch read(Position from, int most) throws IOException;
}
