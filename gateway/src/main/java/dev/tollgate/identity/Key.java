package dev.tollgate.identity;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gateway key as it is kept: its hash, never itself.
 *
 * @param id names it
 * @param hash SHA-256 of the whole key in lower-case hex: 256 bits of randomness need no slow hash
 * @param agent the agent it belongs to
 * @param team the team that pays
 * @param scopes what it may do
 * @param createdAt when it was made
 * @param expiresAt when it ends by itself; null for never
 * @param revokedAt when it was revoked; null if it was not
 */
public record Key(
        KeyId id,
        String hash,
        AgentId agent,
        TeamId team,
        Scopes scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {
    public boolean isUsableAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** This key revoked; a key that was revoked before keeps its first moment. */
    public Key revoked(Instant at) {
        return new Key(id, hash, agent, team, scopes, createdAt, expiresAt, revokedAt == null ? at : revokedAt);
    }

    /** This key with an end at a moment, unless it ends sooner. */
    public Key endingBy(Instant at) {
        Instant end = expiresAt == null || at.isBefore(expiresAt) ? at : expiresAt;
        return new Key(id, hash, agent, team, scopes, createdAt, end, revokedAt);
    }

    @Override
    public String toString() {
        return "Key[" + id + " of " + agent + ", hash redacted]";
    }
}
