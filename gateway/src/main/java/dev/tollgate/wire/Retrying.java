package dev.tollgate.wire;

import dev.tollgate.exchange.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client is told about trying again. SDKs sleep a {@code Retry-After} whole, however long it is, so one is sent only where waiting
 * helps soon; and they try most errors again by themselves, so that is switched off where it is useless.
 */
final class Retrying {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Retrying() {}

    static Headers headers(Problem problem) {
        List<Headers.Field> fields = new ArrayList<>();
        if (isUseless(problem.kind())) {
            fields.add(new Headers.Field("x-should-retry", "false"));
        }
        if (mayWait(problem.kind())) {
            problem.retryAfter()
                    .ifPresent(pause -> fields.add(new Headers.Field("retry-after", String.valueOf(seconds(pause)))));
        }
        return new Headers(fields);
    }

    /** Whole seconds, 1 to 60. */
    static long seconds(Duration pause) {
        Duration bounded = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        return Math.max(1, bounded.plusMillis(999).toSeconds());
    }

    static boolean mayWait(Problem.Kind kind) {
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
