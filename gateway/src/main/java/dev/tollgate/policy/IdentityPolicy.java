package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;

/**
 * How callers prove who they are. There is no {@code off}: a call without a key has nobody to charge.
 *
 * @param passThrough whether a client may bring its own provider credential beside a gateway key in a header of its own
 * @param keyCache how long a key read from MongoDB is trusted without asking again, at most 1 s. With 0 a revoked key fails at its next
 *     call on every node; each node may take it for this much longer otherwise. Keys in SQLite need no such trade
 */
public record IdentityPolicy(
        Boolean passThrough, @Range(min = "0ms", max = "1s") Duration keyCache) {
    public static final IdentityPolicy DEFAULT = new IdentityPolicy(true, Duration.ZERO);

    public IdentityPolicy {
        passThrough = or(passThrough, true);
        keyCache = or(keyCache, Duration.ZERO);
    }
}
