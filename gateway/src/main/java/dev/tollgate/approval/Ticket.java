package dev.tollgate.approval;

import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A held call.
 *
 * @param id names it
 * @param fingerprint what makes a retry of the same call join it: hash of key, session and body without what retries vary; of the session
 *     that took it over last, or has used it
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
 * @param details what else is known of it
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
        @Nullable String note,
        TicketDetails details) {

    /** How long an approval waits for its client to come back, unless its policy says otherwise. */
    public static final Duration APPROVAL_LASTS = Duration.ofMinutes(15);
    /** How long the same call is refused after a denial, and after nobody has decided in time, without asking a person again: clients try again at once. */
    public static final Duration DENIAL_LASTS = Duration.ofMinutes(1);

    /** Who decided a ticket whose policy approves what nobody decides in time. */
    public static final String BY_TIMEOUT = "timeout";

    /** As people should decide: where more was found first, and the oldest first among equals. */
    public static final Comparator<Ticket> RISKIEST_FIRST = Comparator.comparing(QueuePlace::of);

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
            case PENDING, APPROVED, DENIED, EXPIRED -> now.isBefore(deadline);
            case CONSUMED -> false;
        };
    }

    /** One of which nothing else is known. */
    public Ticket(
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
        this(
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
                state,
                decidedBy,
                decidedAt,
                note,
                TicketDetails.NONE);
    }

    /** This ticket with other words for the reviewer. */
    Ticket withSummary(String words) {
        return copy(fingerprint, words, deadline, state, decidedBy, decidedAt, note, details);
    }

    /** This ticket with other details. */
    public Ticket with(TicketDetails other) {
        return copy(fingerprint, summary, deadline, state, decidedBy, decidedAt, note, other);
    }

    /** This ticket in another state, decided by nobody. */
    public Ticket in(State other) {
        return copy(fingerprint, summary, deadline, other, decidedBy, decidedAt, note, details);
    }

    /** This ticket as it stands when one more person has spoken: the first denial denies, the last approval that its terms ask for approves. */
    public Ticket voted(Vote vote) {
        if (vote.approves() && vote.edit() == null && details.hasApproved(vote.by())) {
            return this;
        }
        Ticket heard = with(details.with(vote));
        if (!vote.approves()) {
            return heard.decided(State.DENIED, vote.by(), vote.note(), vote.at());
        }
        return heard.details.approvals() < details.terms().quorum()
                ? heard
                : heard.decided(State.APPROVED, vote.by(), vote.note(), vote.at());
    }

    /** This pending ticket past its deadline, as its terms say. */
    public Ticket timedOut(Instant at) {
        return details.terms().approvesOnTimeout()
                ? decided(State.APPROVED, BY_TIMEOUT, "", at.truncatedTo(ChronoUnit.MILLIS))
                : copy(fingerprint, summary, at.plus(DENIAL_LASTS), State.EXPIRED, null, null, null, details);
    }

    /** This ticket as it was decided: {@code APPROVED} or {@code DENIED}, with the deadline that this brings. */
    public Ticket decided(State decision, String by, String words, Instant at) {
        Duration lasts = switch (decision) {
            case APPROVED -> details.terms().approvalLasts();
            case DENIED -> DENIAL_LASTS;
            case PENDING, EXPIRED, CONSUMED -> throw new IllegalArgumentException("not a decision: " + decision);
        };
        return copy(fingerprint, summary, at.plus(lasts), decision, by, at, words, details);
    }

    /**
     * Whether somebody who decides about this ticket decides about a draft too: it is for the same call, by the same agent, in another session,
     * and the same people may decide.
     */
    public boolean mayPassTo(Ticket draft) {
        return !details.anySession().isEmpty()
                && details.anySession().equals(draft.details.anySession())
                && agent.equals(draft.agent)
                && team.equals(draft.team)
                && details.terms().equals(draft.details.terms());
    }

    /**
     * Whether somebody who decides about this ticket decides about a draft too, as one of another call of the same turn: by the same agent, decided by
     * the same people, who have changed nothing. One that comes beside the turn's own call may cost no more than that.
     */
    public boolean coversTurnOf(Ticket draft) {
        return details.turn().covers(draft.details.turn())
                && (details.turn().leads() || costsNoLessThan(draft))
                && details.edit() == null
                && agent.equals(draft.agent)
                && team.equals(draft.team)
                && details.terms().equals(draft.details.terms());
    }

    private boolean costsNoLessThan(Ticket draft) {
        NanoUsd other = draft.estimate;
        if (estimate == null || other == null) {
            return estimate == null && other == null;
        }
        return estimate.nanos() >= other.nanos();
    }

    /** Whether another call of the turn may go on with this ticket's approval at a moment. */
    public boolean mayBeJoinedBy(Ticket draft, Instant now) {
        boolean isApproved = state == State.APPROVED || state == State.CONSUMED;
        return isApproved && now.isBefore(deadline) && coversTurnOf(draft);
    }

    /** This ticket when another call of its turn has gone on with its approval. */
    public Ticket joinedBy(Ticket draft) {
        return with(details.with(details.turn().joinedBy(draft.details.turn())));
    }

    /** This ticket when the session of a draft has taken it over: from now on it stands for that one's call. */
    public Ticket passedTo(Ticket draft) {
        return copy(draft.fingerprint, summary, deadline, state, decidedBy, decidedAt, note, details);
    }

    private Ticket copy(
            String standsFor,
            String words,
            Instant until,
            State stands,
            @Nullable String by,
            @Nullable Instant at,
            @Nullable String said,
            TicketDetails other) {
        return new Ticket(
                id, standsFor, exchange, key, agent, team, session, model, rule, reason, words, estimate, createdAt,
                until, stands, by, at, said, other);
    }

    @Override
    public String toString() {
        return "Ticket[" + id + " " + state + " " + rule + ", summary redacted]";
    }
}
