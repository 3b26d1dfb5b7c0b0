package dev.tollgate.approval;

import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A held call.
 *
 * @param id names it
 * @param fingerprint what makes a retry of the same call join it: hash of key, session and body without what retries vary
 * @param exchange the exchange that opened it
 * @param key id of the calling key
 * @param agent the agent
 * @param team its team
 * @param session the session, or empty
 * @param model provider and model, or alias
 * @param rule id of the condition that held it
 * @param reason what the reviewer reads
 * @param summary the new turn, already redacted, shortened to 4,000 characters
 * @param estimate worst-case cost, or null where it was not priced
 * @param createdAt when it was opened
 * @param deadline until when it stands for its fingerprint: a pending ticket counts as denied from then on
 * @param state where it stands
 * @param decidedBy who decided, or null
 * @param decidedAt when, or null
 * @param note the reviewer's own words, or null
 */
public record Ticket(
        TicketId id,
        String fingerprint,
        ExchangeId exchange,
        String key,
        String agent,
        String team,
        String session,
        String model,
        String rule,
        String reason,
        String summary,
        @Nullable NanoUsd estimate,
        Instant createdAt,
        Instant deadline,
        State state,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String note) {

    /** How long an approval waits for its client to come back. */
    public static final Duration APPROVAL_LASTS = Duration.ofMinutes(15);
    /** How long the same call is refused after a denial without asking a person again. */
    public static final Duration DENIAL_LASTS = Duration.ofMinutes(1);

    /** PENDING → APPROVED → CONSUMED, or PENDING → DENIED or EXPIRED. */
    public enum State {
        PENDING,
        APPROVED,
        DENIED,
        EXPIRED,
        CONSUMED
    }

    /** Whether it stands for its fingerprint, so that a retry of the call joins it. */
    public boolean standsAt(Instant now) {
        return switch (state) {
            case PENDING, APPROVED, DENIED -> now.isBefore(deadline);
            case EXPIRED, CONSUMED -> false;
        };
    }

    /** This ticket with other words for the reviewer. */
    Ticket withSummary(String words) {
        return new Ticket(
                id,
                fingerprint,
                exchange,
                key,
                agent,
                team,
                session,
                model,
                rule,
                reason,
                words,
                estimate,
                createdAt,
                deadline,
                state,
                decidedBy,
                decidedAt,
                note);
    }

    /** This ticket in another state, decided by nobody. */
    public Ticket in(State other) {
        return new Ticket(
                id,
                fingerprint,
                exchange,
                key,
                agent,
                team,
                session,
                model,
                rule,
                reason,
                summary,
                estimate,
                createdAt,
                deadline,
                other,
                decidedBy,
                decidedAt,
                note);
    }

    /** This ticket as a person decided it: {@code APPROVED} or {@code DENIED}, with the deadline that this brings. */
    public Ticket decided(State decision, String by, String words, Instant at) {
        Duration lasts = switch (decision) {
            case APPROVED -> APPROVAL_LASTS;
            case DENIED -> DENIAL_LASTS;
            case PENDING, EXPIRED, CONSUMED -> throw new IllegalArgumentException("not a decision: " + decision);
        };
        return new Ticket(
                id,
                fingerprint,
                exchange,
                key,
                agent,
                team,
                session,
                model,
                rule,
                reason,
                summary,
                estimate,
                createdAt,
                at.plus(lasts),
                decision,
                by,
                at,
                words);
    }

    @Override
    public String toString() {
        return "Ticket[" + id + " " + state + " " + rule + ", summary redacted]";
    }
}
