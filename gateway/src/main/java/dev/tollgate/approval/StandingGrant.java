package dev.tollgate.approval;

import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Person;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person's leave for all calls of a kind, for a while and up to an amount. It counts as an approval by who made it: where they could not
 * approve a call alone, it does not let it pass.
 *
 * @param id names it
 * @param by who made it, with what they might do then
 * @param scope which calls it lets pass
 * @param limit what these calls may cost together; null for no limit
 * @param ticket the ticket it was made from; empty for none
 * @param note in the words of who made it
 * @param createdAt when it was made
 * @param expiresAt from when on it lets nothing pass
 * @param use what became of it
 */
public record StandingGrant(
        String id,
        Person by,
        GrantScope scope,
        @Nullable NanoUsd limit,
        String ticket,
        String note,
        Instant createdAt,
        Instant expiresAt,
        Use use) {
    /**
     * What became of a grant.
     *
     * @param spent what calls cost that it let pass; of those that still run the most that they may cost
     * @param calls how many it let pass
     * @param revokedBy who ended it; null if nobody did
     * @param revokedAt when; null if nobody did
     */
    public record Use(
            NanoUsd spent,
            long calls,
            @Nullable String revokedBy,
            @Nullable Instant revokedAt) {
        public static final Use NONE = new Use(NanoUsd.ZERO, 0, null, null);
    }

    /** Whether it lets calls pass. */
    public boolean isLiveAt(Instant now) {
        return use.revokedAt == null && now.isBefore(expiresAt);
    }

    public StandingGrant with(Use other) {
        return new StandingGrant(id, by, scope, limit, ticket, note, createdAt, expiresAt, other);
    }

    /** Whether it counts for a call that is to be held: it is about it, and who made it could approve it alone. */
    boolean letsPass(Ticket draft) {
        return scope.covers(draft)
                && draft.details().terms().quorum() == 1
                && Reviewers.refusal(draft, by, true).isEmpty();
    }

    /** What the log says of it. */
    public Map<String, String> facts() {
        return Map.of(
                "agent", scope.agent(),
                "team", scope.team(),
                "session", scope.session(),
                "rule", scope.rule(),
                "tool", scope.tool(),
                "commands", String.join("\n", scope.commands()),
                "paths", String.join("\n", scope.paths()),
                "limit", limit == null ? "" : limit.toString(),
                "expires_at", expiresAt.toString(),
                "ticket", ticket);
    }

    @Override
    public String toString() {
        return "StandingGrant[" + id + ", redacted]";
    }
}
