package dev.tollgate.wire;

import dev.tollgate.exchange.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a client is told about trying again. SDKs sleep a {@code Retry-After} whole, however long it is, so one is sent only where waiting
 * helps soon; and they try most errors again by themselves, so that is switched off where it is useless.
 */
final class Retrying {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Retrying() {}

    static Headers headers(Problem problem, Dialect dialect) {
        List<Headers.Field> fields = new ArrayList<>();
        if (isUseless(problem.kind()) || isTooLong(problem)) {
            fields.add(new Headers.Field("x-should-retry", "false"));
        }
        after(problem).ifPresent(seconds -> {
            fields.add(new Headers.Field("retry-after", Long.toString(seconds)));
            if (problem.kind() == Problem.Kind.RATE_LIMIT) {
                fields.add(new Headers.Field("x-should-retry", "true"));
            }
        });
        problem.rates()
                .ifPresent(standing -> fields.addAll(dialect.rates(standing).fields()));
        return new Headers(fields);
    }

    /** Waiting for an hour is no way to go on: a client that tries again sooner is refused again. */
    private static boolean isTooLong(Problem problem) {
        return problem.kind() == Problem.Kind.RATE_LIMIT
                && problem.retryAfter().isPresent()
                && problem.retryAfter().get().compareTo(LONGEST) > 0;
    }

    /** When the client should try again; empty where that is useless. */
    static OptionalLong after(Problem problem) {
        return mayWait(problem.kind()) && problem.retryAfter().isPresent() && !isTooLong(problem)
                ? OptionalLong.of(seconds(problem.retryAfter().get()))
                : OptionalLong.empty();
    }

    /** Whole seconds, 1 to 60. */
    private static long seconds(Duration pause) {
        Duration bounded = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        return Math.max(1, bounded.plusMillis(999).toSeconds());
    }

    private static boolean mayWait(Problem.Kind kind) {
        return switch (kind) {
            case RATE_LIMIT, UNAVAILABLE -> true;
            case POLICY,
                    BUDGET,
                    AUTHENTICATION,
                    MALFORMED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT,
                    TOO_LARGE,
                    URI_TOO_LONG,
                    HEAD_TOO_LARGE,
                    UNSUPPORTED,
                    UPSTREAM,
                    UPSTREAM_TIMEOUT -> false;
        };
    }

    private static boolean isUseless(Problem.Kind kind) {
        return switch (kind) {
            case POLICY,
                    BUDGET,
                    AUTHENTICATION,
                    MALFORMED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TOO_LARGE,
                    URI_TOO_LONG,
                    HEAD_TOO_LARGE,
                    UNSUPPORTED -> true;
            case RATE_LIMIT, TIMEOUT, UNAVAILABLE, UPSTREAM, UPSTREAM_TIMEOUT -> false;
        };
    }
}
