package dev.tollgate.stage;

import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.ExpectedOutput;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.ModelPrice;
import dev.tollgate.budget.PriceList;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.BudgetPolicy.Unpriced;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.stage.Reserving.Refusal;
import dev.tollgate.value.ModelId;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reserves the worst case of a call, in money, tokens and requests, before it is sent, so that concurrent calls cannot overspend together. {@code http} settles the
 * reservation to the real cost when the exchange ends, or releases it if a later stage denies.
 *
 * <p>The worst case is the dearest target's: a fallback must not cost more than what is held. Text is looked at closely only where money
 * is near its limit, see {@link Headroom}.
 */
public final class BudgetStage implements Stage {
    /** Begins the rule of a verdict that says that a call allows less output than it asked for. */
    public static final String CLAMPED = "clamp_output:";
    /** Begins the rule of a verdict that says that a call goes to another alias. */
    private static final String DOWNGRADED = "downgrade:";

    private static final int MAX_DOWNGRADES = 3;

    private final Wires wires;
    private final Reserving.Tools tools;

    public BudgetStage(Wires wires, Estimator estimator, ExpectedOutput expected, Ledger ledger) {
        this.wires = wires;
        this.tools = new Reserving.Tools(estimator, expected, ledger, new Headroom());
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
        return decide(exchange, MAX_DOWNGRADES);
    }

    private Future<Decision> decide(Exchange exchange, int downgradesLeft) {
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
            priceOf(exchange, target).ifPresent(price -> {
                found.add(price);
                priced.add(target);
            });
        }
        // A model without a price would be a way around every budget, as first choice and as fallback.
        if (found.isEmpty() || !priced.get(0).equals(first)) {
            return unpriced(exchange, first);
        }
        Exchange routed = exchange.withRoute(new Route(priced, exchange.route().alias()));
        Reserving reserving = Reserving.priced(tools, routed, found);
        return reserving.run().compose(decision -> {
            Refusal refusal = reserving.refusal();
            // Where this stage only observes, the call goes on as it came: not with less output, nor to another model.
            return decision instanceof Deny denied && refusal != null && mode(routed.policy()) == Mode.ENFORCE
                    ? relieve(routed, found, reserving, refusal, denied, downgradesLeft)
                    : Future.succeededFuture(decision);
        });
    }

    /** Less output first, where the budget offers it: the answer comes from the model that was asked. */
    private Future<Decision> relieve(
            Exchange exchange,
            List<ModelPrice> prices,
            Reserving reserving,
            Refusal refusal,
            Deny denied,
            int downgradesLeft) {
        Wire wire = wires.of(exchange.endpoint().wire());
        Optional<Exchange> clamped = Relief.clamped(exchange, wire, reserving, refusal);
        if (clamped.isEmpty()) {
            return exceed(exchange, refusal, denied, downgradesLeft);
        }
        Exchange lowered = clamped.get();
        String rule = CLAMPED + refusal.id();
        String words = "output limited to " + lowered.facts().maxOutputTokens() + " tokens";
        return Reserving.priced(tools, lowered, prices)
                .run()
                .compose(decision -> decision instanceof Proceed proceed
                        ? Future.succeededFuture(said(proceed, rule, words))
                        : exceed(exchange, refusal, denied, downgradesLeft));
    }

    private Future<Decision> exceed(Exchange exchange, Refusal refusal, Deny denied, int downgradesLeft) {
        BudgetEntry budget = refusal.budget();
        if (budget == null) {
            return Future.succeededFuture(denied);
        }
        return switch (budget.onExceed()) {
            case DENY -> Future.succeededFuture(denied);
            case HOLD -> Future.succeededFuture(Relief.asking(budget, denied));
            case DOWNGRADE -> downgrade(exchange, budget, denied, downgradesLeft);
        };
    }

    private Future<Decision> downgrade(Exchange exchange, BudgetEntry budget, Deny denied, int downgradesLeft) {
        String alias = budget.downgradeTo();
        if (alias == null
                || downgradesLeft == 0
                || alias.equals(exchange.route().alias())) {
            return Future.succeededFuture(denied);
        }
        if (!(RouteStage.reroute(exchange, alias) instanceof Proceed rerouted)) {
            return Future.succeededFuture(denied);
        }
        String rule = DOWNGRADED + budget.id();
        String words = "sent to " + alias + " instead of " + exchange.route().first();
        // Where it does not fit there either, the first refusal says why.
        return decide(rerouted.exchange(), downgradesLeft - 1)
                .map(decision -> decision instanceof Proceed proceed ? said(proceed, rule, words) : denied);
    }

    private static Decision said(Proceed proceed, String rule, String words) {
        List<String> rules = new ArrayList<>(proceed.rules());
        rules.add(rule);
        String detail = proceed.detail().isEmpty() ? words : proceed.detail() + "; " + words;
        return new Proceed(proceed.exchange(), rules, detail, proceed.score());
    }

    private static Decision noModelName(int characters) {
        return new Deny(Denial.of(
                Problem.Kind.MALFORMED,
                "model_malformed",
                "the model's name has " + characters + " characters, allowed are 1 to " + ModelId.MAX_NAME));
    }

    private static Optional<ModelPrice> priceOf(Exchange exchange, Target target) {
        String model = target.model();
        return model == null
                ? Optional.empty()
                : exchange.policy().view(PriceList.class).find(new ModelId(target.provider(), model));
    }

    private Future<Decision> unpriced(Exchange exchange, Target target) {
        if (exchange.policy().bundle().budget().unpriced() == Unpriced.ALLOW_UNPRICED) {
            return Reserving.unpriced(tools, exchange).run();
        }
        if (target.model() == null) {
            return Future.succeededFuture(new Deny(Denial.of(
                    Problem.Kind.POLICY,
                    "call_not_priced",
                    "POST " + exchange.endpoint().path()
                            + " names no model, so nobody knows what it will cost, and the policy denies such calls"
                            + " (budget.unpriced: deny)")));
        }
        return Future.succeededFuture(new Deny(Denial.of(
                Problem.Kind.POLICY,
                "model_not_priced",
                "model " + target
                        + " has no price, and the policy denies models without one (budget.unpriced: deny)")));
    }
}
