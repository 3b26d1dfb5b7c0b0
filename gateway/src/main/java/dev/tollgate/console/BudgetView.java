package dev.tollgate.console;

import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** What budgets hold now. */
@FunctionalInterface
public interface BudgetView {
    /** All counters of all budgets in their current periods, the fullest first. */
    Future<List<Level>> levels();

    /**
     * @param budget id of the budget in the policy
     * @param subject whose spend it counts: a key, an agent, a team, or {@code all}
     * @param limit most that may be spent and held
     * @param spent settled
     * @param held by calls under way
     * @param endsAt when the period ends; {@link Instant#MAX} for never
     */
    record Level(String budget, String subject, NanoUsd limit, NanoUsd spent, NanoUsd held, Instant endsAt) {}
}
