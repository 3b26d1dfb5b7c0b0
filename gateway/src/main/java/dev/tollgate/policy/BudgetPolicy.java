package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.value.NanoUsd;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
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
 */
public record BudgetPolicy(
        Mode mode,
        @Range(min = "0") @Nullable NanoUsd requestCap,
        Unpriced unpriced,
        @Range(min = "1") Integer defaultMaxOutput,
        @Range(min = "1s") Duration lease,
        List<BudgetEntry> budgets) {
    public static final BudgetPolicy DEFAULT =
            new BudgetPolicy(Mode.ENFORCE, null, Unpriced.DENY, 16_384, Duration.ofMinutes(30), List.of());

    /** What happens to a model without a price. */
    public enum Unpriced {
        /** It is refused: it would be a way around the budgets. */
        DENY,
        /** It passes, charges no budget, and the record says so. */
        ALLOW_UNPRICED
    }

    /** Whose spend one counter holds. */
    public enum Scope {
        /** One counter per key. */
        KEY,
        /** One counter per agent. */
        AGENT,
        /** One counter per team. */
        TEAM,
        /** One counter for all calls. */
        ALL
    }

    /** When a counter starts anew. */
    public enum Period {
        /** At midnight. */
        DAY,
        /** At midnight before the first of the month. */
        MONTH,
        /** Never. */
        LIFETIME
    }

    /**
     * One budget.
     *
     * @param id names the budget in messages, headers and records
     * @param scope one counter per key, agent or team, or one for all
     * @param only ids to which the budget is limited (of keys, agents or teams, as the scope says); empty for all
     * @param limit most that may be spent in a period
     * @param period when the counter starts anew
     * @param timeZone whose midnight counts
     */
    public record BudgetEntry(
            @Required String id,
            Scope scope,
            List<String> only,
            @Required @Range(min = "0") NanoUsd limit,
            Period period,
            ZoneId timeZone) {
        public BudgetEntry {
            scope = or(scope, Scope.KEY);
            only = List.copyOf(or(only, List.of()));
            period = or(period, Period.DAY);
            timeZone = or(timeZone, ZoneId.of("UTC"));
        }
    }

    public BudgetPolicy {
        mode = or(mode, Mode.ENFORCE);
        unpriced = or(unpriced, Unpriced.DENY);
        defaultMaxOutput = or(defaultMaxOutput, 16_384);
        lease = or(lease, Duration.ofMinutes(30));
        budgets = List.copyOf(or(budgets, List.of()));
    }
}
