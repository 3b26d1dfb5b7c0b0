package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Errors as Google's APIs write them: {@code google.rpc.Status} with {@code ErrorInfo} (Google AIP-193). */
final class GeminiDialect implements Dialect {
    private static final byte[] HEARTBEAT = "data: {}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final String TYPES = "type.googleapis.com/google.rpc.";
    private static final String DOMAIN = "tollgate.dev";

    @Override
    public ErrorReply error(Problem problem, String requestId) {
        return new ErrorReply(status(problem.kind()), Retrying.headers(problem, this), body(problem, requestId));
    }

    @Override
    public byte[] streamEnd(Problem problem, String requestId) {
        return new Events().add(arrayEnd(problem, requestId)).bytes();
    }

    @Override
    public byte[] arrayEnd(Problem problem, String requestId) {
        boolean denies = problem.kind() == Problem.Kind.POLICY || problem.kind() == Problem.Kind.BUDGET;
        return denies ? prohibited(problem) : body(problem, requestId);
    }

    @Override
    public Optional<Spoken> spoken(Problem problem, String requestId) {
        return Optional.of(Spoken.gemini(problem.message()));
    }

    @Override
    public byte[] heartbeat() {
        return HEARTBEAT.clone();
    }

    private static int status(Problem.Kind kind) {
        return switch (kind) {
            case POLICY, BUDGET -> 403;
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
                    UPSTREAM_TIMEOUT -> OpenAiDialect.status(kind);
        };
    }

    private static String rpcStatus(Problem.Kind kind) {
        return switch (kind) {
            case POLICY, BUDGET -> "PERMISSION_DENIED";
            case RATE_LIMIT -> "RESOURCE_EXHAUSTED";
            case AUTHENTICATION -> "UNAUTHENTICATED";
            case MALFORMED, METHOD_NOT_ALLOWED, TOO_LARGE, URI_TOO_LONG, HEAD_TOO_LARGE, UNSUPPORTED ->
                "INVALID_ARGUMENT";
            case NOT_FOUND -> "NOT_FOUND";
            case UNAVAILABLE, UPSTREAM -> "UNAVAILABLE";
            case TIMEOUT, UPSTREAM_TIMEOUT -> "DEADLINE_EXCEEDED";
        };
    }

    private static byte[] body(Problem problem, String requestId) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", status(problem.kind()));
            json.writeStringField("message", problem.message());
            json.writeStringField("status", rpcStatus(problem.kind()));
            json.writeArrayFieldStart("details");
            errorInfo(json, problem, requestId);
            OptionalLong pause = Retrying.after(problem);
            if (pause.isPresent()) {
                retryInfo(json, pause.getAsLong());
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void errorInfo(JsonGenerator json, Problem problem, String requestId) throws IOException {
        json.writeStartObject();
        json.writeStringField("@type", TYPES + "ErrorInfo");
        json.writeStringField("reason", problem.code().toUpperCase(Locale.ROOT));
        json.writeStringField("domain", DOMAIN);
        json.writeObjectFieldStart("metadata");
        json.writeStringField("request_id", requestId);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void retryInfo(JsonGenerator json, long seconds) throws IOException {
        json.writeStartObject();
        json.writeStringField("@type", TYPES + "RetryInfo");
        json.writeStringField("retryDelay", seconds + "s");
        json.writeEndObject();
    }

    private static byte[] prohibited(Problem problem) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            json.writeStartObject();
            json.writeObjectFieldStart("content");
            json.writeStringField("role", "model");
            json.writeArrayFieldStart("parts");
            json.writeStartObject();
            json.writeStringField("text", problem.message());
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeStringField("finishReason", "PROHIBITED_CONTENT");
            // Gemini CLI shows the text of what was stopped; OpenClaw shows this in its place.
            json.writeStringField("finishMessage", problem.message());
            json.writeNumberField("index", 0);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
