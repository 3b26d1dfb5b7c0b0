package dev.tollgate.http;

import dev.tollgate.approval.Ticket;
import dev.tollgate.value.TimeSpan;
import dev.tollgate.wire.Problem;
import java.time.Duration;

/** What a client is told whose call waited for a person and does not go on, or not now. */
final class HeldProblems {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private HeldProblems() {}

    static Problem denied(Ticket ticket) {
        String note = ticket.note();
        String said = note == null || note.isBlank() ? "" : ": " + note;
        return of("approval_denied", "the call was not approved" + said + named(ticket));
    }

    static Problem expired(Ticket ticket, Duration allowed) {
        return of("approval_expired", "nobody approved the call within " + TimeSpan.text(allowed) + named(ticket));
    }

    static Problem lost(Ticket ticket) {
        return of("approval_expired", "the approval was not used in time" + named(ticket));
    }

    static Problem used(Ticket ticket) {
        return of("approval_consumed", "the approval of this call was used already" + named(ticket));
    }

    /** Of a client that is told to come back later. */
    static Problem parked(Ticket ticket) {
        return of(
                "approval_pending",
                "the call waits for a person's approval, until " + ticket.deadline() + " as ticket " + ticket.id()
                        + ": once it is approved, the same call goes through");
    }

    /** Of a call that cannot be decided at the moment. */
    static Problem unavailable(String message) {
        return Problem.of(Problem.Kind.UNAVAILABLE, "enforcement_unavailable", message)
                .withRetryAfter(TRY_AGAIN);
    }

    private static Problem of(String code, String message) {
        return Problem.of(Problem.Kind.POLICY, code, message);
    }

    private static String named(Ticket ticket) {
        return " (ticket " + ticket.id() + ")";
    }
}
