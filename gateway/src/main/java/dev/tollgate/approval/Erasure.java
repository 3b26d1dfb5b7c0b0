package dev.tollgate.approval;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Word of an erasure: it is about calls that came in until then.
 *
 * @param subject whose calls: {@code exchange:}, {@code team:}, {@code agent:}, {@code session:} or {@code user:} with the name
 * @param at when, to the millisecond
 * @param by who erased
 * @param reason why
 */
public record Erasure(String subject, Instant at, String by, String reason) {
    public Erasure {
        if (subject.indexOf(':') <= 0 || subject.endsWith(":")) {
            throw new IllegalArgumentException("whose calls are to be erased is not said");
        }
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** By what the subject is named: {@code session}, say. */
    public String kind() {
        return subject.substring(0, subject.indexOf(':'));
    }

    /** What the subject is called. */
    public String name() {
        return subject.substring(subject.indexOf(':') + 1);
    }

    /** Whether something is erased by it that is kept of an exchange. */
    public boolean reaches(KeptReply kept) {
        return !kept.owner().at().isAfter(at) && kept.subjects().contains(subject);
    }
}
