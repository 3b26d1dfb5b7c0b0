package dev.tollgate.wire;

import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Errors as Anthropic's API writes them (Anthropic API reference, "Errors"). */
final class AnthropicDialect implements Dialect {
    private static final byte[] HEARTBEAT =
            "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public ErrorReply error(Problem problem, String requestId) {
        return new ErrorReply(status(problem.kind()), Retrying.headers(problem, this), body(problem, requestId));
    }

    @Override
    public Headers rates(Allowance standing) {
        return RateHeaders.anthropic(standing);
    }

    @Override
    public byte[] streamEnd(Problem problem, String requestId) {
        return new Events().add("error", body(problem, requestId)).bytes();
    }

    @Override
    public Optional<Spoken> spoken(Problem problem, String requestId) {
        return Optional.of(Spoken.anthropic(problem.message(), requestId));
    }

    @Override
    public byte[] heartbeat() {
        return HEARTBEAT.clone();
    }

    private static int status(Problem.Kind kind) {
        return switch (kind) {
            case BUDGET -> 402;
            case UNAVAILABLE -> 529;
            case POLICY,
                    RATE_LIMIT,
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
                    UPSTREAM_TIMEOUT -> OpenAiDialect.status(kind);
        };
    }

    private static String type(Problem.Kind kind) {
        return switch (kind) {
            case POLICY, MALFORMED, METHOD_NOT_ALLOWED, UNSUPPORTED -> "invalid_request_error";
            case BUDGET -> "billing_error";
            case RATE_LIMIT -> "rate_limit_error";
            case AUTHENTICATION -> "authentication_error";
            case NOT_FOUND -> "not_found_error";
            case TOO_LARGE, URI_TOO_LONG, HEAD_TOO_LARGE -> "request_too_large";
            case UNAVAILABLE -> "overloaded_error";
            case UPSTREAM -> "api_error";
            case TIMEOUT, UPSTREAM_TIMEOUT -> "timeout_error";
        };
    }

    /** What Anthropic's own clients look for in {@code details}, else the problem's own code. */
    private static String detail(Problem problem) {
        return switch (problem.kind()) {
            case POLICY -> "dlp_request_denied";
            case BUDGET -> "enforced_spend_limit_reached";
            case RATE_LIMIT,
                    AUTHENTICATION,
                    MALFORMED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT,
                    TOO_LARGE,
                    URI_TOO_LONG,
                    HEAD_TOO_LARGE,
                    UNSUPPORTED,
                    UNAVAILABLE,
                    UPSTREAM,
                    UPSTREAM_TIMEOUT -> problem.code();
        };
    }

    private static byte[] body(Problem problem, String requestId) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", type(problem.kind()));
            json.writeStringField("message", problem.message());
            json.writeObjectFieldStart("details");
            json.writeStringField("error_code", detail(problem));
            json.writeEndObject();
            json.writeEndObject();
            json.writeStringField("request_id", requestId);
            json.writeEndObject();
        });
    }
}
