package dev.tollgate.stage;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.Estimator.Precision;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.ModelPrice;
import dev.tollgate.budget.PriceBook;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.Unpriced;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.StorePolicy.WhenAway;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reserves the worst-case cost of a call before it is sent, so that concurrent calls cannot overspend together. {@code http} settles the
 * reservation to the real cost when the exchange ends, or releases it if a later stage denies.
 *
 * <p>The worst case is the dearest target's: a fallback must not cost more than what is held. Text is looked at closely only where money
 * is near its limit, see {@link Headroom}.
 */
public final class BudgetStage implements Stage {
    private final PriceBook prices;
    private final Estimator estimator;
    private final Ledger ledger;
    private final Headroom headroom = new Headroom();

    public BudgetStage(PriceBook prices, Estimator estimator, Ledger ledger) {
        this.prices = prices;
        this.estimator = estimator;
        this.ledger = ledger;
    }

    @Override
    public StageId id() {
        return StageId.BUDGET;
    }

    @Override
    public Mode mode(PolicySnapshot policy) {
        return policy.bundle().budget().mode();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        Target first = exchange.route().first();
        if (FreeCalls.isFree(exchange, first)) {
            return Future.succeededFuture(new Proceed(exchange, List.of(), "not priced: the endpoint bills no tokens"));
        }
        String model = first.model();
        if (model != null && (model.isEmpty() || model.length() > ModelId.MAX_NAME)) {
            return Future.succeededFuture(noModelName(model.length()));
        }
        List<ModelPrice> found = new ArrayList<>();
        List<Target> priced = new ArrayList<>();
        for (Target target : exchange.route().targets()) {
            priceOf(target).ifPresent(price -> {
                found.add(price);
                priced.add(target);
            });
        }
        // A model without a price would be a way around every budget, as first choice and as fallback.
        if (found.isEmpty() || !priced.get(0).equals(first)) {
            return Future.succeededFuture(unpriced(exchange, first));
        }
        Exchange routed = exchange.withRoute(new Route(priced, exchange.route().alias()));
        return new Attempt(routed, found).run();
    }

    private static Decision noModelName(int characters) {
        return new Deny(Denial.of(
                Problem.Kind.MALFORMED,
                "model_malformed",
                "the model's name has " + characters + " characters, allowed are 1 to " + ModelId.MAX_NAME));
    }

    private Optional<ModelPrice> priceOf(Target target) {
        String model = target.model();
        return model == null ? Optional.empty() : prices.find(new ModelId(target.provider(), model));
    }

    private static Decision unpriced(Exchange exchange, Target target) {
        BudgetPolicy policy = exchange.policy().bundle().budget();
        if (policy.unpriced() == Unpriced.ALLOW_UNPRICED) {
            return new Proceed(exchange, List.of("unpriced"), "model " + target + " has no price and was let through");
        }
        if (target.model() == null) {
            return new Deny(Denial.of(
                    Problem.Kind.POLICY,
                    "call_not_priced",
                    "POST " + exchange.endpoint().path()
                            + " names no model, so nobody knows what it will cost, and the policy denies such calls"
                            + " (budget.unpriced: deny)"));
        }
        return new Deny(Denial.of(
                Problem.Kind.POLICY,
                "model_not_priced",
                "model " + target + " has no price, and the policy denies models without one (budget.unpriced: deny)"));
    }

    /** One call on its way through the cap and the budgets: looked at quickly first, closely where that does not fit. */
    private final class Attempt {
        private final Exchange exchange;
        private final List<ModelPrice> targets;
        private final BudgetPolicy policy;
        private final List<Counter> counters;

        Attempt(Exchange exchange, List<ModelPrice> targets) {
            this.exchange = exchange;
            this.targets = targets;
            this.policy = exchange.policy().bundle().budget();
            this.counters = exchange.policy().view(Budgets.class).countersFor(exchange.caller(), exchange.receivedAt());
        }

        Future<Decision> run() {
            NanoUsd quick = worstCase(Precision.QUICK);
            boolean isFar = fitsCap(quick) && headroom.isAmple(exchange.caller().key(), counters, quick);
            return isFar ? decide(quick, true) : decide(worstCase(Precision.EXACT), false);
        }

        private NanoUsd worstCase(Precision precision) {
            Content content = exchange.content();
            NanoUsd worst = NanoUsd.ZERO;
            for (ModelPrice price : targets) {
                NanoUsd cost = estimator
                        .worstCase(price, content, policy.defaultMaxOutput(), exchange.receivedAt(), precision)
                        .cost();
                worst = cost.compareTo(worst) > 0 ? cost : worst;
            }
            return worst;
        }

        private boolean fitsCap(NanoUsd cost) {
            NanoUsd cap = policy.requestCap();
            return cap == null || cost.compareTo(cap) <= 0;
        }

        private Future<Decision> decide(NanoUsd cost, boolean mayLookCloser) {
            NanoUsd cap = policy.requestCap();
            if (cap != null && cost.compareTo(cap) > 0) {
                return Future.succeededFuture(overCap(cost, cap, uncovered(cost, "", NanoUsd.ZERO)));
            }
            if (counters.isEmpty()) {
                return Future.succeededFuture(new Proceed(exchange.withEstimate(cost)));
            }
            return ledger.reserve(exchange.id(), counters, cost, policy.lease())
                    .compose(answer -> follow(answer, cost, mayLookCloser), this::ledgerAway);
        }

        private Future<Decision> follow(Answer answer, NanoUsd cost, boolean mayLookCloser) {
            return switch (answer) {
                case Granted(Reservation held) -> {
                    headroom.remember(exchange.caller().key(), counters, held.remaining());
                    yield Future.succeededFuture(
                            new Proceed(exchange.withEstimate(cost).withReservation(held)));
                }
                case Refused(Counter tightest, NanoUsd remaining) -> {
                    headroom.remember(exchange.caller().key(), counters, remaining);
                    yield mayLookCloser
                            ? decide(worstCase(Precision.EXACT), false)
                            : Future.succeededFuture(overBudget(
                                    cost, tightest, remaining, uncovered(cost, tightest.budget(), remaining)));
                }
            };
        }

        /** The call as it goes on where this stage only observes: nothing is held for it, but what it spends is counted. */
        private Exchange uncovered(NanoUsd cost, String tightest, NanoUsd remaining) {
            List<String> keys = counters.stream().map(Counter::key).toList();
            Instant until = exchange.receivedAt().plus(policy.lease());
            return exchange.withEstimate(cost)
                    .withReservation(keys.isEmpty() ? null : new Reservation(cost, keys, until, tightest, remaining));
        }

        private Future<Decision> ledgerAway(Throwable failure) {
            if (exchange.policy().bundle().store().whenAway() == WhenAway.OPEN) {
                return Future.succeededFuture(new Proceed(
                        exchange,
                        List.of("ledger_away"),
                        "not reserved: the ledger is away and the policy lets calls pass"));
            }
            // Going on without a reservation would let calls overspend together: the pipeline answers 503.
            return Future.failedFuture(failure);
        }
    }

    private static Decision overCap(NanoUsd cost, NanoUsd cap, Exchange observed) {
        return new Deny(
                new Denial(
                        Problem.of(
                                Problem.Kind.BUDGET,
                                "request_cap_exceeded",
                                "worst-case cost " + cost + " exceeds the request cap " + cap),
                        List.of("request_cap")),
                observed);
    }

    private static Decision overBudget(NanoUsd cost, Counter tightest, NanoUsd remaining, Exchange observed) {
        String message = "worst-case cost " + cost + " exceeds the " + remaining + " left of budget "
                + tightest.budget() + " (" + tightest.limit() + ")";
        Instant resetsAt = tightest.endsAt();
        Problem problem = resetsAt.equals(Instant.MAX)
                ? Problem.of(Problem.Kind.BUDGET, "budget_exceeded", message)
                : Problem.of(Problem.Kind.BUDGET, "budget_exceeded", message + "; it starts anew at " + resetsAt)
                        .resettingAt(resetsAt);
        return new Deny(new Denial(problem, List.of(tightest.budget())), observed);
    }
}
