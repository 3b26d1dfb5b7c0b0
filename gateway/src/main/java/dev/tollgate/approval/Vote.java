package dev.tollgate.approval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one person said about a ticket.
 *
 * @param by who
 * @param approves whether the call may go on
 * @param note in their own words; empty for nothing
 * @param at when, to the millisecond
 * @param edit what goes on changed; null where it goes on as it is
 */
public record Vote(
        String by,
        boolean approves,
        String note,
        Instant at,
        @Nullable Edit edit) {
    /** One that changes nothing. */
    public Vote(String by, boolean approves, String note, Instant at) {
        this(by, approves, note, at, null);
    }
}
