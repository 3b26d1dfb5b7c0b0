package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast calls may come. A call that comes too fast is told when to try again, in the way in which its client tries again by itself.
 *
 * @param mode whether a call that comes too fast is refused
 * @param limits the limits; a call must keep all that match it
 */
public record RateLimitsPolicy(Mode mode, List<RateLimitEntry> limits) {
    public static final RateLimitsPolicy DEFAULT = new RateLimitsPolicy(Mode.ENFORCE, List.of());

    /** How a limit is counted. */
    public enum Counting {
        /** Steadily: what is used comes back bit by bit over the period. */
        BUCKET,
        /** All at once, at the end of each period; periods begin at whole multiples of their length since 1970 in UTC. */
        WINDOW
    }

    /**
     * Limits for the same calls. At least one of them is set.
     *
     * @param id names the limits in messages, headers and records
     * @param match which calls count, as in budgets; without it every call
     * @param scope one counter for each of what, as in budgets; {@code all} for a single counter
     * @param requests most calls in a period
     * @param tokens most tokens in a period, in and out together
     * @param inputTokens most tokens in
     * @param outputTokens most tokens out
     * @param concurrency most calls at once
     * @param per the period
     * @param counting how requests and tokens are counted
     * @param burst how much of a period's amount may come at once, of a bucket: 1 for all of it
     * @param countCached whether input counts that the provider had in its cache
     * @param mode whether a call that does not fit is refused, or only recorded
     */
    public record RateLimitEntry(
            @Required String id,
            Map<String, Names> match,
            Names scope,
            @Range(min = "1") @Nullable Long requests,
            @Range(min = "1") @Nullable Long tokens,
            @Range(min = "1") @Nullable Long inputTokens,
            @Range(min = "1") @Nullable Long outputTokens,
            @Range(min = "1") @Nullable Long concurrency,
            @Range(min = "1s", max = "31d") Duration per,
            Counting counting,
            @Range(min = "0.001", max = "100") Double burst,
            Boolean countCached,
            Mode mode) {
        public RateLimitEntry {
            match = Map.copyOf(or(match, Map.of()));
            scope = or(scope, Names.of("key"));
            per = or(per, Duration.ofMinutes(1));
            counting = or(counting, Counting.BUCKET);
            burst = or(burst, 1.0);
            countCached = or(countCached, true);
            mode = or(mode, Mode.ENFORCE);
        }
    }

    public RateLimitsPolicy {
        mode = or(mode, Mode.ENFORCE);
        limits = List.copyOf(or(limits, List.of()));
    }
}
