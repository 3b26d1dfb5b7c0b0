package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.value.NanoUsd;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cost cap.
 *
 * @param mode enforce, observe or off
 * @param requestCap most that one call may cost in the worst case; null for no cap
 * @param unpriced what happens to a model without a price
 * @param defaultMaxOutput output tokens assumed where neither the request nor the price book bounds them
 * @param lease how long a hold lives without being settled
 * @param budgets the budgets
 */
public record BudgetPolicy(
        Mode mode,
        @Nullable NanoUsd requestCap,
        Unpriced unpriced,
        Integer defaultMaxOutput,
        Duration lease,
        List<BudgetEntry> budgets) {
    public static final BudgetPolicy DEFAULT =
            new BudgetPolicy(Mode.ENFORCE, null, Unpriced.DENY, 16_384, Duration.ofMinutes(30), List.of());

    /** What happens to a model without a price. */
    public enum Unpriced {
        DENY,
        ALLOW_UNPRICED
    }

    /** Whose spend one counter holds. */
    public enum Scope {
        KEY,
        AGENT,
        TEAM,
        ALL
    }

    /** When a counter starts anew. */
    public enum Period {
        DAY,
        MONTH,
        LIFETIME
    }

    /**
     * @param id names the budget in messages, headers and records
     * @param scope one counter per key, agent or team, or one for all
     * @param only ids to which the budget is limited (of keys, agents or teams, as the scope says); empty for all
     * @param limit most that may be spent in a period
     * @param period when the counter starts anew
     * @param timeZone zone of the calendar
     */
    public record BudgetEntry(
            String id, Scope scope, List<String> only, NanoUsd limit, Period period, ZoneId timeZone) {
        public BudgetEntry {
            Defaults.require(id != null && !id.isBlank(), "a budget needs an id");
            scope = or(scope, Scope.KEY);
            only = List.copyOf(or(only, List.of()));
            Defaults.require(
                    limit != null && limit.nanos() >= 0, "budget " + id + " needs a limit that is not negative");
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
