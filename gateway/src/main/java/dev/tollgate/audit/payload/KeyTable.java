package dev.tollgate.audit.payload;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/**
 * Where the data keys of a shelf lie, each wrapped with a key of the operator: apart from what they encrypt, so that a copy of the one is worth
 * nothing without the other. All of it blocks; safe on any thread; several processes may use one table.
 */
public interface KeyTable {
    /**
     * A key that encrypts what one team keeps on one day.
     *
     * @param turn its place among the keys of the team's day, from 1
     * @param id by which what it encrypts names it; never 0
     * @param root which of the operator's keys it is wrapped with
     * @param sealed the key, wrapped
     * @param shreds whether an erasure made it: all keys of the team's day before it are to be destroyed
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Wrapped(LocalDate day, String team, int turn, int id, int root, byte[] sealed, boolean shreds) {
        @Override
        public String toString() {
            return "Wrapped[" + day + " " + team + " " + turn + ", redacted]";
        }
    }

    /** A team on a day. */
    record TeamDay(LocalDate day, String team) {}

    /** The keys of one team's day, by their turn. */
    List<Wrapped> of(LocalDate day, String team) throws IOException;

    /** Puts one in; it survives a loss of power when this returns. Fails if the team's day has a key of this turn. */
    void add(Wrapped key) throws IOException;

    /** Destroys one, if it is there: not only the row, its bytes too. */
    void destroy(Wrapped key) throws IOException;

    /** Destroys the keys of all days before one. */
    void destroyBefore(LocalDate first) throws IOException;

    /** Where an erasure has made a new key and older ones are still there: it is under way, or was cut short. */
    List<TeamDay> unfinished() throws IOException;
}
