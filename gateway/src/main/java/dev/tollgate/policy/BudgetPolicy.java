package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent. The most that a call can cost is held in every budget that applies before it is sent; when it ends, the hold becomes what it
 * really cost.
 *
 * @param mode whether a call that does not fit is refused
 * @param requestCap most that one call may cost in the worst case; without it there is no such cap
 * @param unpriced what happens to a model without a price
 * @param defaultMaxOutput output tokens assumed where neither the request nor the price book bounds them
 * @param lease how long a hold lives without being settled
 * @param budgets the budgets
 * @param estimate what is held for a call before it is sent
 * @param clampOutput a call above {@code request_cap} is first offered less output: as much as fits, but no fewer tokens than this; budgets have
 *     their own
 */
public record BudgetPolicy(
        Mode mode,
        @Range(min = "0") @Nullable NanoUsd requestCap,
        Unpriced unpriced,
        @Range(min = "1") Integer defaultMaxOutput,
        @Range(min = "1s") Duration lease,
        List<BudgetEntry> budgets,
        Estimate estimate,
        @Range(min = "1") @Nullable Long clampOutput) {
    public static final BudgetPolicy DEFAULT = new BudgetPolicy(
            Mode.ENFORCE, null, Unpriced.DENY, 16_384, Duration.ofMinutes(30), List.of(), Estimate.WORST, null);

    /** A policy that holds the worst case. */
    public BudgetPolicy(
            Mode mode,
            @Nullable NanoUsd requestCap,
            Unpriced unpriced,
            Integer defaultMaxOutput,
            Duration lease,
            List<BudgetEntry> budgets) {
        this(mode, requestCap, unpriced, defaultMaxOutput, lease, budgets, Estimate.WORST, null);
    }

    /** What is held for a call. */
    public enum Estimate {
        /** The most that it can cost: no cap is ever passed. */
        WORST,
        /**
         * What nineteen in twenty calls of that key to that model stay below, once twenty are known: more calls fit at once, and a cap may be
         * passed by what was expected too low.
         */
        EXPECTED
    }

    /** What happens to a model without a price. */
    public enum Unpriced {
        /** It is refused: it would be a way around the budgets. */
        DENY,
        /** It passes, charges no budget, and the record says so. */
        ALLOW_UNPRICED
    }

    /** What becomes of a call that does not fit into a budget. */
    public enum OnExceed {
        /** It is refused. */
        DENY,
        /** It waits for a person, who may let it pass all the same. */
        HOLD,
        /** It goes to another alias, if it fits there. */
        DOWNGRADE
    }

    /** When a counter starts anew. */
    public enum Period {
        /** Never counted together: each call alone must fit. */
        REQUEST,
        /** At each full minute. */
        MINUTE,
        /** At each full hour. */
        HOUR,
        /** At midnight. */
        DAY,
        /** At midnight before Monday. */
        WEEK,
        /** At midnight before the first of the month. */
        MONTH,
        /** Never. */
        LIFETIME
    }

    /**
     * One budget.
     *
     * @param id names the budget in messages, headers and records; its counters are found by id, scope and period, so a changed limit keeps what
     *     was spent
     * @param match which calls count: names by any of key, agent, team, session, user, model, provider, route (the alias asked for) and tag.NAME,
     *     {@code *} in a name for anything; a call must match all of them; without it every call counts
     * @param scope one counter for each of what: key, agent, team, session, user, model, provider, route, tag.NAME, or several of them for one
     *     counter per combination; {@code all} for a single counter. Calls without such a label share one counter
     * @param only short for a {@code match} by what the {@code scope} names
     * @param limit most that may be spent in a period, in dollars or as the unit says
     * @param unit what is counted
     * @param period when the counter starts anew
     * @param rolling instead of a period: the last so much time, counted in steps of a twenty-fourth of it
     * @param timeZone whose midnight counts
     * @param mode whether a call that does not fit is refused, or only recorded
     * @param clampOutput a call that does not fit is first offered less output: as much as fits, but no fewer tokens than this
     * @param onExceed what becomes of a call that does not fit
     * @param downgradeTo the alias that a call is sent to with {@code on_exceed: downgrade}
     * @param notifyAt percents of the limit, 1 to 100, at which webhooks are told
     */
    public record BudgetEntry(
            @Required String id,
            Map<String, Names> match,
            Names scope,
            Names only,
            @Required @Range(min = "0") Quantity limit,
            Unit unit,
            Period period,
            @Range(min = "1m", max = "366d") @Nullable Duration rolling,
            ZoneId timeZone,
            Mode mode,
            @Range(min = "1") @Nullable Long clampOutput,
            OnExceed onExceed,
            @Nullable String downgradeTo,
            List<Integer> notifyAt) {
        public BudgetEntry {
            match = Map.copyOf(or(match, Map.of()));
            scope = or(scope, Names.of("key"));
            only = or(only, Names.NONE);
            unit = or(unit, Unit.USD);
            period = or(period, Period.DAY);
            timeZone = or(timeZone, ZoneId.of("UTC"));
            mode = or(mode, Mode.ENFORCE);
            onExceed = or(onExceed, OnExceed.DENY);
            notifyAt = List.copyOf(or(notifyAt, List.of()));
        }

        /** This budget as one that refuses nothing. */
        public BudgetEntry observed() {
            return new BudgetEntry(
                    id,
                    match,
                    scope,
                    only,
                    limit,
                    unit,
                    period,
                    rolling,
                    timeZone,
                    Mode.OBSERVE,
                    clampOutput,
                    onExceed,
                    downgradeTo,
                    notifyAt);
        }
    }

    public BudgetPolicy {
        mode = or(mode, Mode.ENFORCE);
        unpriced = or(unpriced, Unpriced.DENY);
        defaultMaxOutput = or(defaultMaxOutput, 16_384);
        lease = or(lease, Duration.ofMinutes(30));
        budgets = List.copyOf(or(budgets, List.of()));
        estimate = or(estimate, Estimate.WORST);
    }
}
