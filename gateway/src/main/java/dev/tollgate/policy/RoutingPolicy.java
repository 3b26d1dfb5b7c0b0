package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.time.Duration;

/**
 * How calls are sent. Attempts and fallbacks end once the first byte has gone to the client.
 *
 * @param attempts most attempts per target; only connection failures and answers 429, 500, 502, 503, 504, 529 are tried again
 * @param retryDelay pause before the second attempt, doubled for each further one
 * @param fallback whether the next target is tried when one has failed
 * @param breakerFailures failures in a row after which a target is left out; 0 never leaves one out
 * @param breakerPause how long it is left out
 * @param forwardCookies whether cookies pass in both directions; no model API needs them
 * @param forwardRedirects whether a provider's redirect reaches the client, which may then go where no policy holds; off answers 502
 * @param streamFailure what a client sees when a provider breaks off in the middle of a stream
 * @param clientGone what happens to the provider's answer when the client leaves before its end
 */
public record RoutingPolicy(
        @Range(min = "1", max = "10") Integer attempts,
        @Range(min = "0ms", max = "1m") Duration retryDelay,
        Boolean fallback,
        @Range(min = "0", max = "1000") Integer breakerFailures,
        @Range(min = "1ms") Duration breakerPause,
        Boolean forwardCookies,
        Boolean forwardRedirects,
        StreamFailure streamFailure,
        ClientGone clientGone) {
    public static final RoutingPolicy DEFAULT = new RoutingPolicy(
            2,
            Duration.ofMillis(200),
            true,
            10,
            Duration.ofSeconds(10),
            false,
            false,
            StreamFailure.EXPLAIN,
            ClientGone.CANCEL);

    /** What a client sees when a provider breaks off in the middle of a stream. */
    public enum StreamFailure {
        /** An error event of its wire, then the end. */
        EXPLAIN,
        /** The connection is reset, as if it were the provider's. */
        RESET
    }

    /** What happens to the provider's answer when the client leaves before its end. */
    public enum ClientGone {
        /** The provider is told to stop; what was sent and relayed is billed as it was counted. */
        CANCEL,
        /** The answer is read to its end, for nobody, and billed as the provider tells. */
        DRAIN
    }

    public RoutingPolicy {
        attempts = or(attempts, 2);
        retryDelay = or(retryDelay, Duration.ofMillis(200));
        fallback = or(fallback, true);
        breakerFailures = or(breakerFailures, 10);
        breakerPause = or(breakerPause, Duration.ofSeconds(10));
        forwardCookies = or(forwardCookies, false);
        forwardRedirects = or(forwardRedirects, false);
        streamFailure = or(streamFailure, StreamFailure.EXPLAIN);
        clientGone = or(clientGone, ClientGone.CANCEL);
    }
}
