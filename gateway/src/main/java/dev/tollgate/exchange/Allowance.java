package dev.tollgate.exchange;

import dev.tollgate.value.RateLimit;
import java.time.Instant;
import java.util.List;

/**
 * What a call has taken from rate limits: corrected to what it used, and slots given back, when it ends.
 *
 * @param at when
 * @param shares one for each limit
 */
public record Allowance(Instant at, List<Share> shares) {
    public Allowance {
        shares = List.copyOf(shares);
    }

    /**
     * What was taken from one limit.
     *
     * @param limit the limit
     * @param key its counter
     * @param target the target that must serve for it to count, as {@link Target#toString} writes it; empty for any
     * @param amount what was taken
     * @param remaining what others may take at once, ≥ 0
     * @param resetMillis until all of it is free again, if nobody takes more
     * @param stamp the window it was taken in; 0 for other shapes
     */
    public record Share(
            RateLimit limit, String key, String target, long amount, long remaining, long resetMillis, long stamp) {}
}
