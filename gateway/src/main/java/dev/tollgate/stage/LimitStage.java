package dev.tollgate.stage;

import dev.tollgate.budget.RateKeeper;
import dev.tollgate.budget.RateLimiter.Answer;
import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.budget.RateLimits;
import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.StorePolicy.WhenAway;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Refuses calls that come too fast, and tells them when to come again. What a call takes is put right by {@code http} when it ends: tokens to
 * what it used, slots given back. The request itself stays counted, whatever the stages behind this one say.
 */
public final class LimitStage implements Stage {
    private final RateKeeper keeper;

    public LimitStage(RateKeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public StageId id() {
        return StageId.LIMIT;
    }

    @Override
    public boolean isNeeded(PolicySnapshot policy) {
        return !policy.view(RateLimits.class).isEmpty();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        return keeper.admit(exchange)
                .compose(
                        answer -> Future.succeededFuture(follow(exchange, answer)),
                        failure -> limiterAway(exchange, failure));
    }

    private static Decision follow(Exchange exchange, Answer answer) {
        return switch (answer) {
            case Answer.Admitted(Allowance taken, List<RateLimit> exceeded) -> admitted(exchange, taken, exceeded);
            case Answer.Refused refused -> new Deny(refusal(refused));
        };
    }

    private static Decision admitted(Exchange exchange, Allowance taken, List<RateLimit> exceeded) {
        Exchange next = taken.shares().isEmpty() ? exchange : exchange.withAllowance(taken);
        if (exceeded.isEmpty()) {
            return new Proceed(next);
        }
        List<String> ids = exceeded.stream().map(RateLimit::id).distinct().toList();
        return new Proceed(next, ids, "would exceed " + described(exceeded.get(0)) + ", which is only observed");
    }

    private static Denial refusal(Answer.Refused refused) {
        Demand tightest = refused.tightest();
        RateLimit limit = tightest.limit();
        String code = limit.metric() == Metric.CONCURRENCY ? "concurrency_exceeded" : "rate_limit_exceeded";
        String message = switch (limit.metric()) {
            case CONCURRENCY -> "all slots are taken of " + described(limit);
            case REQUESTS -> "the call exceeds " + described(limit) + again(refused.pause());
            case TOKENS, INPUT_TOKENS, OUTPUT_TOKENS ->
                "the call needs about " + tightest.amount() + " "
                        + limit.metric().words() + ", and " + refused.remaining() + " are left of " + described(limit)
                        + again(refused.pause());
        };
        Problem problem = Problem.of(Problem.Kind.RATE_LIMIT, code, message)
                .withRetryAfter(refused.pause())
                .withRates(refused.standing());
        return new Denial(problem, List.of(limit.id()));
    }

    private static String described(RateLimit limit) {
        String what = "the rate limit " + limit.id() + " (" + limit.most() + " "
                + limit.metric().words();
        return limit.perMillis() == 0 ? what + ")" : what + " per " + words(Duration.ofMillis(limit.perMillis())) + ")";
    }

    private static String again(Duration pause) {
        return "; it fits again in " + words(pause.plusMillis(999));
    }

    private static String words(Duration time) {
        long seconds = time.toSeconds();
        if (seconds >= 60 && seconds % 60 == 0) {
            long minutes = seconds / 60;
            return minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
        }
        return seconds + " s";
    }

    private static Future<Decision> limiterAway(Exchange exchange, Throwable failure) {
        if (exchange.policy().bundle().store().whenAway() == WhenAway.OPEN) {
            return Future.succeededFuture(new Proceed(
                    exchange,
                    List.of("limiter_away"),
                    "not limited: the counters of rate limits are away and the policy lets calls pass"));
        }
        // Going on unlimited would be a way around every rate limit: the pipeline answers 503.
        return Future.failedFuture(failure);
    }
}
