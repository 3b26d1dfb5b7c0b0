package dev.tollgate.wire;

import dev.tollgate.exchange.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that a client must be told instead of an answer.
 *
 * @param kind what sort of problem, which decides status and shape on each wire
 * @param code stable lower_snake_case code, such as {@code secret_found} or {@code request_cap_exceeded}
 * @param message what, which value, which limit; never matched text or prompt text
 * @param retryAfter when trying again makes sense; empty where it is useless
 * @param resetsAt when the budget that was exceeded starts anew, for a header of its own: a client that took it for a retry-after would
 *     sleep for hours; empty where nothing does
 * @param rates how the rate limits stand, for headers; empty where none apply
 */
public record Problem(
        Kind kind,
        String code,
        String message,
        Optional<Duration> retryAfter,
        Optional<Instant> resetsAt,
        Optional<Allowance> rates) {
    /** The rows of DESIGN §7. */
    public enum Kind {
        /** Secret, personal data, injection, tool, model or route not allowed; approval denied. */
        POLICY,
        /** A budget or the request cap. */
        BUDGET,
        /** Too many requests, tokens or open exchanges. */
        RATE_LIMIT,
        /** No key, a bad one, a revoked one. */
        AUTHENTICATION,
        /** The request cannot be understood. */
        MALFORMED,
        /** The path, or the model, is not known. */
        NOT_FOUND,
        /** The path is known, the method not. */
        METHOD_NOT_ALLOWED,
        /** The body took too long. */
        TIMEOUT,
        /** The body is too large. */
        TOO_LARGE,
        /** The head is too large. */
        HEAD_TOO_LARGE,
        /** The request line exceeds its limit. */
        URI_TOO_LONG,
        /** The body's type or coding cannot be read. */
        UNSUPPORTED,
        /** It could not be decided whether the call is allowed: a store is away, a stage failed. */
        UNAVAILABLE,
        /** The provider could not be reached or answered something unusable. */
        UPSTREAM,
        /** The provider took too long. */
        UPSTREAM_TIMEOUT
    }

    public static Problem of(Kind kind, String code, String message) {
        return new Problem(kind, code, message, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Problem withRetryAfter(Duration pause) {
        return new Problem(kind, code, message, Optional.of(pause), resetsAt, rates);
    }

    public Problem resettingAt(Instant start) {
        return new Problem(kind, code, message, retryAfter, Optional.of(start), rates);
    }

    public Problem withRates(Allowance standing) {
        return new Problem(kind, code, message, retryAfter, resetsAt, Optional.of(standing));
    }
}
