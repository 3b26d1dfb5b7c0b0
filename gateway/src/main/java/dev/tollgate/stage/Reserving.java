package dev.tollgate.stage;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Claims;
import dev.tollgate.budget.Claims.Ceiling;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.Estimator.Bound;
import dev.tollgate.budget.Estimator.Estimate;
import dev.tollgate.budget.Estimator.Precision;
import dev.tollgate.budget.ExpectedOutput;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.ModelPrice;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.Mode;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call on its way through the cap and the budgets: looked at quickly first, closely where that does not fit. */
final class Reserving {
    private final Tools tools;
    private final Exchange exchange;
    private final List<ModelPrice> targets;
    private final boolean isPriced;
    private final BudgetPolicy policy;
    private final Claims claims;
    private @Nullable Refusal refusal;

    /** What every call is reserved with. */
    record Tools(Estimator estimator, ExpectedOutput expected, Ledger ledger, Headroom headroom) {}

    /**
     * What refused a call.
     *
     * @param budget that did; null where it was the request cap
     * @param least tokens of output that the call is offered at least; null where it is not to be offered less
     * @param most amounts that would have fitted; {@link Reservation#UNLIMITED} where a unit is not limited
     */
    record Refusal(@Nullable BudgetEntry budget, @Nullable Long least, Amounts most) {
        static Refusal by(BudgetEntry budget, Amounts most) {
            return new Refusal(budget, budget.clampOutput(), most);
        }

        /** Names it in rules. */
        String id() {
            return budget == null ? Excess.REQUEST_CAP : budget.id();
        }
    }

    /** A call to models with prices. */
    static Reserving priced(Tools tools, Exchange exchange, List<ModelPrice> targets) {
        return new Reserving(tools, exchange, targets, true);
    }

    /** A call to a model without a price: tokens and requests are counted, money is not. */
    static Reserving unpriced(Tools tools, Exchange exchange) {
        return new Reserving(
                tools, exchange, List.of(ModelPrice.unknown(exchange.facts().generates())), false);
    }

    private Reserving(Tools tools, Exchange exchange, List<ModelPrice> targets, boolean isPriced) {
        this.tools = tools;
        this.exchange = exchange;
        this.targets = targets;
        this.isPriced = isPriced;
        this.policy = exchange.policy().bundle().budget();
        this.claims = exchange.policy().view(Budgets.class).claims(exchange, isPriced);
    }

    Future<Decision> run() {
        Amounts quick = worstCase(Precision.QUICK);
        boolean isFar = fitsAlone(quick) && tools.headroom().isAmple(key(), claims.counters(), quick);
        return isFar ? decide(quick, true) : decide(worstCase(Precision.EXACT), false);
    }

    /** What refused it; null where nothing did. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    private KeyId key() {
        return exchange.caller().key();
    }

    private Amounts worstCase(Precision precision) {
        long nanos = 0;
        long tokens = 0;
        for (Estimate one : estimates(exchange.content(), precision)) {
            nanos = Math.max(nanos, one.cost().nanos());
            tokens = Math.max(tokens, one.inputTokens() + one.outputTokens());
        }
        return new Amounts(nanos, tokens, 1);
    }

    /** The most that the call comes to with this content, at each of its targets. */
    List<Estimate> estimates(Content content, Precision precision) {
        List<Estimate> estimates = new ArrayList<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            estimates.add(
                    tools.estimator().worstCase(targets.get(i), content, bound(i), exchange.receivedAt(), precision));
        }
        return estimates;
    }

    private Bound bound(int target) {
        boolean isExpected = policy.estimate() == BudgetPolicy.Estimate.EXPECTED;
        List<Target> routed = exchange.route().targets();
        return new Bound(
                policy.defaultMaxOutput(),
                isExpected && target < routed.size()
                        ? tools.expected().expected(key(), routed.get(target))
                        : Long.MAX_VALUE);
    }

    private boolean fitsAlone(Amounts amounts) {
        NanoUsd cap = policy.requestCap();
        if (cap != null && amounts.nanos() > cap.nanos()) {
            return false;
        }
        for (Ceiling ceiling : claims.ceilings()) {
            if (isAbove(ceiling, amounts)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAbove(Ceiling ceiling, Amounts amounts) {
        return amounts.in(ceiling.budget().unit()) > ceiling.limit();
    }

    private Future<Decision> decide(Amounts amounts, boolean mayLookCloser) {
        NanoUsd cap = policy.requestCap();
        if (cap != null && amounts.nanos() > cap.nanos()) {
            refusal = new Refusal(null, policy.clampOutput(), alone(Reservation.ALL_UNLIMITED));
            return Future.succeededFuture(Excess.overCap(amounts.money(), cap, uncovered(amounts)));
        }
        for (Ceiling ceiling : claims.ceilings()) {
            if (isAbove(ceiling, amounts) && ceiling.budget().mode() == Mode.ENFORCE) {
                refusal = Refusal.by(ceiling.budget(), alone(Reservation.ALL_UNLIMITED));
                return Future.succeededFuture(Excess.overCeiling(amounts, ceiling, uncovered(amounts)));
            }
        }
        if (claims.counters().isEmpty()) {
            return Future.succeededFuture(proceed(estimated(amounts), amounts, List.of()));
        }
        return tools.ledger()
                .reserve(exchange.id(), claims.counters(), amounts, policy.lease())
                .compose(answer -> follow(answer, amounts, mayLookCloser), failure -> ledgerAway(failure, amounts));
    }

    private Future<Decision> follow(Answer answer, Amounts amounts, boolean mayLookCloser) {
        return switch (answer) {
            case Granted(Reservation held, List<Counter> exceeded) -> {
                tools.headroom().remember(key(), claims.counters(), held.left());
                yield Future.succeededFuture(
                        proceed(estimated(amounts).withReservation(held.withBound(claims.bound())), amounts, exceeded));
            }
            case Refused(Counter tightest, long remaining, Amounts left) -> {
                tools.headroom().remember(key(), claims.counters(), left);
                if (mayLookCloser) {
                    yield decide(worstCase(Precision.EXACT), false);
                }
                refusal = Refusal.by(tightest.budget(), alone(left));
                yield Future.succeededFuture(Excess.overBudget(amounts, tightest, remaining, uncovered(amounts)));
            }
        };
    }

    /** What of these amounts a single call may take. */
    private Amounts alone(Amounts most) {
        NanoUsd cap = policy.requestCap();
        long nanos = cap == null ? most.nanos() : Math.min(most.nanos(), cap.nanos());
        long tokens = most.tokens();
        for (Ceiling ceiling : claims.ceilings()) {
            if (ceiling.budget().mode() == Mode.ENFORCE) {
                boolean isMoney = ceiling.budget().unit() == Unit.USD;
                nanos = isMoney ? Math.min(nanos, ceiling.limit()) : nanos;
                tokens = ceiling.budget().unit() == Unit.TOKENS ? Math.min(tokens, ceiling.limit()) : tokens;
            }
        }
        return new Amounts(nanos, tokens, most.requests());
    }

    /** Goes on, and says which budgets would have refused if they were not only observed. */
    private Decision proceed(Exchange next, Amounts amounts, List<Counter> exceeded) {
        if (exceeded.isEmpty() && claims.ceilings().isEmpty()) {
            return isPriced ? new Proceed(next) : unpriced(next, List.of(), List.of());
        }
        List<String> rules = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Ceiling ceiling : claims.ceilings()) {
            if (isAbove(ceiling, amounts)) {
                rules.add(ceiling.budget().id());
                words.add(Excess.of(amounts, ceiling));
            }
        }
        for (Counter counter : exceeded) {
            rules.add(counter.budget().id());
            words.add(Excess.of(amounts, counter));
        }
        if (!isPriced) {
            return unpriced(next, rules, words);
        }
        return words.isEmpty()
                ? new Proceed(next)
                : new Proceed(
                        next,
                        rules,
                        (exchange.grant() == null ? "only observed: " : "let pass: ") + String.join("; ", words));
    }

    private static Decision unpriced(Exchange next, List<String> exceeded, List<String> words) {
        List<String> rules = new ArrayList<>(List.of("unpriced"));
        rules.addAll(exceeded);
        String detail = "model " + next.route().first() + " has no price and was let through";
        return new Proceed(
                next, rules, words.isEmpty() ? detail : detail + "; only observed: " + String.join("; ", words));
    }

    private Exchange estimated(Amounts amounts) {
        return isPriced ? exchange.withEstimate(amounts.money()) : exchange;
    }

    /** The call as it goes on without a hold: what it spends is counted. */
    private Exchange uncovered(Amounts amounts) {
        if (claims.counters().isEmpty()) {
            return estimated(amounts).withReservation(null);
        }
        List<String> keys = claims.counters().stream().map(Counter::key).toList();
        Instant until = exchange.countsAt().plus(policy.lease());
        return estimated(amounts)
                .withReservation(Reservation.bare(amounts, keys, until).withBound(claims.bound()));
    }

    private Decision share(Answer answer, Amounts amounts) {
        return switch (answer) {
            case Granted(Reservation held, List<Counter> unused) ->
                new Proceed(
                        estimated(amounts).withReservation(held.withBound(claims.bound())),
                        List.of("local_share"),
                        "the ledger is away: reserved within this node's share");
            case Refused(Counter tightest, long remaining, Amounts left) ->
                Excess.overBudget(amounts, tightest, remaining, uncovered(amounts));
        };
    }

    private Future<Decision> ledgerAway(Throwable failure, Amounts amounts) {
        return switch (exchange.policy().bundle().store().whenAway()) {
            // Going on without a reservation would let calls overspend together: the pipeline answers 503.
            case CLOSED -> Future.failedFuture(failure);
            case LOCAL_SHARE ->
                tools.ledger()
                        .reserveShare(exchange.id(), claims.counters(), amounts, policy.lease())
                        .map(answer -> share(answer, amounts));
            case OPEN ->
                Future.succeededFuture(new Proceed(
                        uncovered(amounts),
                        List.of("ledger_away"),
                        "not reserved: the ledger is away and the policy lets calls pass"));
        };
    }
}
