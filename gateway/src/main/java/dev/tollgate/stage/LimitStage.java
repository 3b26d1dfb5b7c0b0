package dev.tollgate.stage;

import dev.tollgate.budget.Guards;
import dev.tollgate.budget.RateKeeper;
import dev.tollgate.budget.RateLimiter.Answer;
import dev.tollgate.budget.RateLimits;
import dev.tollgate.budget.Trip;
import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;

/**
 * Refuses calls that come too fast, and tells them when to come again; stops agents that run away. What a call takes is put right by {@code
 * http} when it ends: tokens to what it used, slots given back. The request itself stays counted, whatever the stages behind this one say.
 */
public final class LimitStage implements Stage {
    /** Rule of a verdict that says that the counters of rate limits could not be asked. */
    static final String AWAY = "limiter_away";

    private final RateKeeper keeper;
    private final GuardAnswer guard;

    public LimitStage(RateKeeper keeper, Notifier notifier, InstantSource clock) {
        this.keeper = keeper;
        this.guard = new GuardAnswer(keeper, notifier, clock);
    }

    @Override
    public StageId id() {
        return StageId.LIMIT;
    }

    @Override
    public boolean isNeeded(PolicySnapshot policy) {
        return !policy.view(RateLimits.class).isEmpty()
                || !policy.view(Guards.class).isEmpty();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        return keeper.admit(exchange).compose(answer -> follow(exchange, answer), failure -> away(exchange, failure));
    }

    private Future<Decision> follow(Exchange exchange, Answer answer) {
        return switch (answer) {
            case Answer.Admitted(Allowance taken, List<RateLimit> exceeded) -> admitted(exchange, taken, exceeded);
            case Answer.Refused refused -> Future.succeededFuture(new Deny(Pace.refusal(refused)));
        };
    }

    private Future<Decision> admitted(Exchange exchange, Allowance taken, List<RateLimit> exceeded) {
        Exchange next = taken.shares().isEmpty() ? exchange : exchange.withAllowance(taken);
        List<Trip> trips = keeper.look(exchange, exceeded);
        Proceed proceed = new Proceed(next);
        for (RateLimit limit : exceeded) {
            if (limit.metric() != Metric.SPEND) {
                proceed = new Proceed(
                        next,
                        List.of(limit.id()),
                        "would exceed " + Pace.described(limit) + ", which is only observed");
                break;
            }
        }
        return trips.isEmpty() ? Future.succeededFuture(proceed) : guard.answer(next, trips, proceed);
    }

    private Future<Decision> away(Exchange exchange, Throwable failure) {
        return switch (exchange.policy().bundle().store().whenAway()) {
            // Going on unlimited would be a way around every rate limit: the pipeline answers 503.
            case CLOSED -> Future.failedFuture(failure);
            case LOCAL_SHARE -> keeper.admitAlone(exchange).compose(answer -> follow(exchange, answer));
            case OPEN ->
                Future.succeededFuture(new Proceed(
                        exchange,
                        List.of(AWAY),
                        "not limited: the counters of rate limits are away and the policy lets calls pass"));
        };
    }
}
