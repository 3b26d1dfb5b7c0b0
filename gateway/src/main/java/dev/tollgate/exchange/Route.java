package dev.tollgate.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a call may go, in the order to try.
 *
 * @param targets at least one; the later ones are fallbacks for before the first byte
 * @param alias the policy's alias that the client named; null where it named a provider's model
 */
public record Route(List<Target> targets, @Nullable String alias) {
    public Route {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a route needs at least one target");
        }
    }

    public Target first() {
        return targets.get(0);
    }
}
