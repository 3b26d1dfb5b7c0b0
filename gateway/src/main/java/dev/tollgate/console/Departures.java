package dev.tollgate.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollgate.console.oidc.Attempt;
import dev.tollgate.console.oidc.IdentityProvider;
import java.util.Optional;

/** Sign-ins under way at the identity provider, each bound to the browser that began it, and good for one return. Safe on any thread. */
final class Departures {
    private final Cache<String, Departure> byState = Caffeine.newBuilder()
            .maximumSize(Limits.MAX_DEPARTURES)
            .expireAfterWrite(Limits.DEPARTURE_LIFE)
            .build();

    /**
     * @param provider where it goes
     * @param attempt what its return is checked against
     * @param cookie hash of the cookie that the browser was given
     * @param next where to go afterwards
     */
    record Departure(IdentityProvider provider, Attempt attempt, String cookie, String next) {}

    void keep(IdentityProvider provider, Attempt attempt, String cookie, String next) {
        byState.put(attempt.id(), new Departure(provider, attempt, hash(cookie), next));
    }

    /** Takes the sign-in of a state, if this browser began it. It is over then, whatever comes of it. */
    Optional<Departure> take(String state, String cookie) {
        Departure begun = state.isEmpty() ? null : byState.asMap().remove(state);
        return Optional.ofNullable(begun).filter(departure -> Digests.equal(departure.cookie(), hash(cookie)));
    }

    private static String hash(String cookie) {
        return Digests.hex(Digests.sha256(cookie));
    }
}
