package dev.tollgate.wire;

import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.exchange.Headers;
import dev.tollgate.value.RateLimit.Metric;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rate limits stand, in the headers in which SDKs and agents look for it: of each kind the limit with the least left, in proportion.
 * Sources: OpenAI docs, "Rate limits in headers"; Anthropic docs, "Rate limits, response headers".
 */
final class RateHeaders {
    private RateHeaders() {}

    /** Requests and tokens; where there is no limit on all tokens, those on input and output stand for them. */
    static Headers openAi(Allowance standing) {
        List<Headers.Field> fields = new ArrayList<>(6);
        openAi("requests", tightest(standing, Metric.REQUESTS), fields);
        Share tokens = tightest(standing, Metric.TOKENS);
        if (tokens == null) {
            tokens = tighter(tightest(standing, Metric.INPUT_TOKENS), tightest(standing, Metric.OUTPUT_TOKENS));
        }
        openAi("tokens", tokens, fields);
        return new Headers(fields);
    }

    private static void openAi(String kind, @Nullable Share share, List<Headers.Field> fields) {
        if (share != null) {
            fields.add(new Headers.Field(
                    "x-ratelimit-limit-" + kind, Long.toString(share.limit().most())));
            fields.add(new Headers.Field("x-ratelimit-remaining-" + kind, Long.toString(share.remaining())));
            fields.add(new Headers.Field("x-ratelimit-reset-" + kind, duration(share.resetMillis())));
        }
    }

    /** Requests, all tokens, and tokens in and out. */
    static Headers anthropic(Allowance standing) {
        List<Headers.Field> fields = new ArrayList<>(12);
        Instant at = standing.at();
        anthropic("requests", tightest(standing, Metric.REQUESTS), at, fields);
        Share in = tightest(standing, Metric.INPUT_TOKENS);
        Share out = tightest(standing, Metric.OUTPUT_TOKENS);
        Share all = tightest(standing, Metric.TOKENS);
        anthropic("tokens", all == null ? tighter(in, out) : all, at, fields);
        anthropic("input-tokens", in, at, fields);
        anthropic("output-tokens", out, at, fields);
        return new Headers(fields);
    }

    private static void anthropic(String kind, @Nullable Share share, Instant at, List<Headers.Field> fields) {
        if (share != null) {
            String name = "anthropic-ratelimit-" + kind;
            // Whole seconds, as Anthropic writes it, and not before all is free.
            Instant reset = at.plusMillis(share.resetMillis() + 999).truncatedTo(ChronoUnit.SECONDS);
            fields.add(new Headers.Field(
                    name + "-limit", Long.toString(share.limit().most())));
            fields.add(new Headers.Field(name + "-remaining", Long.toString(share.remaining())));
            fields.add(new Headers.Field(name + "-reset", reset.toString()));
        }
    }

    private static @Nullable Share tightest(Allowance standing, Metric metric) {
        Share tightest = null;
        for (Share share : standing.shares()) {
            if (share.limit().metric() == metric && share.limit().isEnforced()) {
                tightest = tighter(tightest, share);
            }
        }
        return tightest;
    }

    private static @Nullable Share tighter(@Nullable Share one, @Nullable Share other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return (double) other.remaining() / other.limit().capacity()
                        < (double) one.remaining() / one.limit().capacity()
                ? other
                : one;
    }

    /** As Go writes durations, which is how OpenAI does: {@code 17ms}, {@code 1.500s}, {@code 6m0s}, {@code 1h0m0s}. */
    static String duration(long millis) {
        if (millis < 1000) {
            return millis == 0 ? "0s" : millis + "ms";
        }
        long seconds = millis / 1000;
        StringBuilder text = new StringBuilder();
        if (seconds >= 3600) {
            text.append(seconds / 3600).append('h');
        }
        if (seconds >= 60) {
            text.append(seconds / 60 % 60).append('m');
        }
        text.append(seconds % 60);
        long rest = millis % 1000;
        if (rest > 0) {
            text.append('.').append(Long.toString(1000 + rest), 1, 4);
        }
        return text.append('s').toString();
    }
}
