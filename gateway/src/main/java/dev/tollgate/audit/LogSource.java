package dev.tollgate.audit;

import java.io.IOException;

/** The records of one node, from the first on, as often as they are asked for. */
@FunctionalInterface
public interface LogSource {
    /** Takes one record after the other. */
    @FunctionalInterface
    interface Reader {
        /** Takes the next record; yields whether another one is wanted. */
        boolean take(JournalEntry entry) throws IOException;
    }

    /**
     * Hands over all records in order.
     *
     * @throws IOException if they cannot be read, or what is there is damaged
     */
    void each(Reader reader) throws IOException;
}
