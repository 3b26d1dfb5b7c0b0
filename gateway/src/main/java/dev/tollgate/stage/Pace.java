package dev.tollgate.stage;

import dev.tollgate.budget.RateLimiter.Answer;
import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.value.RateLimit;
import dev.tollgate.wire.Problem;
import java.time.Duration;
import java.util.List;

/** Says why a call comes too fast, and when it may come again. */
final class Pace {
    private Pace() {}

    static Denial refusal(Answer.Refused refused) {
        Demand tightest = refused.tightest();
        RateLimit limit = tightest.limit();
        String message = switch (limit.metric()) {
            case CONCURRENCY -> "all slots are taken of " + described(limit);
            case REQUESTS, SPEND, LEAVE -> "the call exceeds " + described(limit) + again(refused.pause());
            case TOKENS, INPUT_TOKENS, OUTPUT_TOKENS ->
                "the call needs about " + tightest.amount() + " "
                        + limit.metric().words() + ", and " + refused.remaining() + " are left of " + described(limit)
                        + again(refused.pause());
        };
        String code = limit.metric() == RateLimit.Metric.CONCURRENCY ? "concurrency_exceeded" : "rate_limit_exceeded";
        Problem problem = Problem.of(Problem.Kind.RATE_LIMIT, code, message)
                .withRetryAfter(refused.pause())
                .withRates(refused.standing());
        return new Denial(problem, List.of(limit.id()));
    }

    static String described(RateLimit limit) {
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
}
