package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

/**
 * How callers prove who they are. There is no {@code off}: a call without a key has nobody to charge.
 *
 * @param passThrough whether a client may bring its own provider credential beside a gateway key in a header of its own
 */
public record IdentityPolicy(Boolean passThrough) {
    public static final IdentityPolicy DEFAULT = new IdentityPolicy(true);

    public IdentityPolicy {
        passThrough = or(passThrough, true);
    }
}
