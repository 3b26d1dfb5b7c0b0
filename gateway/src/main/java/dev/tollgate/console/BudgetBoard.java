package dev.tollgate.console;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Standing;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/** Where the budgets of the policy in force stand. */
final class BudgetBoard {
    private final PolicyDesk policy;
    private final Ledger ledger;
    private final InstantSource clock;

    BudgetBoard(PolicyDesk policy, Ledger ledger, InstantSource clock) {
        this.policy = policy;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * What can be shown.
     *
     * @param rows counters by budget, in the order of the policy
     * @param isWhole whether the ledger has no more than was looked at
     */
    record View(List<Standing.Row> rows, boolean isWhole, Instant now) {
        /** The fullest of all. */
        List<Standing.Row> fullest(int max) {
            return rows.stream()
                    .sorted(Comparator.comparingDouble(Standing.Row::fullness).reversed())
                    .limit(max)
                    .toList();
        }
    }

    Future<View> view() {
        Instant now = clock.instant();
        Budgets budgets = policy.current().view(Budgets.class);
        if (budgets.isEmpty()) {
            return Future.succeededFuture(new View(List.of(), true, now));
        }
        return ledger.contents(Limits.MAX_COUNTERS_READ)
                .map(contents -> new View(Standing.of(budgets, contents, now), contents.isWhole(), now));
    }
}
