package dev.tollgate.stage;

import dev.tollgate.budget.Claims.Ceiling;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TimeSpan;
import dev.tollgate.value.Unit;
import dev.tollgate.wire.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of a call that asks for more than there is. */
final class Excess {
    /** The rule that a call above the request cap broke. */
    static final String REQUEST_CAP = "request_cap";

    private static final String CODE = "budget_exceeded";

    private Excess() {}

    static Decision overCap(NanoUsd cost, NanoUsd cap, Exchange observed) {
        return deny(
                "request_cap_exceeded",
                "worst-case cost " + cost + " exceeds the request cap " + cap,
                REQUEST_CAP,
                null,
                observed);
    }

    static Decision overCeiling(Amounts amounts, Ceiling ceiling, Exchange observed) {
        return deny(CODE, of(amounts, ceiling), ceiling.budget().id(), null, observed);
    }

    static Decision overBudget(Amounts amounts, Counter tightest, long remaining, Exchange observed) {
        BudgetEntry budget = tightest.budget();
        String message = of(amounts, tightest, remaining);
        if (budget.rolling() != null) {
            String all = message + ", which counts the last " + TimeSpan.text(budget.rolling());
            return deny(CODE, all, budget.id(), null, observed);
        }
        Instant resetsAt = tightest.endsAt().equals(Instant.MAX) ? null : tightest.endsAt();
        String all = resetsAt == null ? message : message + "; it starts anew at " + resetsAt;
        return deny(CODE, all, budget.id(), resetsAt, observed);
    }

    static String of(Amounts amounts, Ceiling ceiling) {
        BudgetEntry budget = ceiling.budget();
        return wanted(budget.unit(), amounts) + " exceeds the limit of budget " + budget.id() + " for one call ("
                + budget.unit().show(ceiling.limit()) + ")";
    }

    static String of(Amounts amounts, Counter counter) {
        BudgetEntry budget = counter.budget();
        return wanted(budget.unit(), amounts) + " exceeds what is left of budget " + budget.id() + " ("
                + budget.unit().show(counter.limit()) + ")";
    }

    private static String of(Amounts amounts, Counter counter, long remaining) {
        Unit unit = counter.unit();
        return wanted(unit, amounts) + " exceeds the " + unit.show(remaining) + " left of budget "
                + counter.budget().id() + " (" + unit.show(counter.limit()) + ")";
    }

    private static String wanted(Unit unit, Amounts amounts) {
        String amount = unit.show(amounts.in(unit));
        return switch (unit) {
            case USD -> "worst-case cost " + amount;
            case TOKENS -> "worst case of " + amount;
            case REQUESTS -> amount;
        };
    }

    private static Decision deny(
            String code, String message, String rule, @Nullable Instant resetsAt, Exchange observed) {
        Problem problem = Problem.of(Problem.Kind.BUDGET, code, message);
        return new Deny(
                new Denial(resetsAt == null ? problem : problem.resettingAt(resetsAt), List.of(rule)), observed);
    }
}
