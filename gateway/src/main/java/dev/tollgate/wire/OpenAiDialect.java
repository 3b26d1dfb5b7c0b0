package dev.tollgate.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Errors as OpenAI's API writes them (OpenAI docs, "Error codes"), and the ends of its streams. Denials have a status that its clients
 * answer with one attempt and by showing the text.
 */
final class OpenAiDialect implements Dialect {
    /** Which stream of the family is ended. */
    enum Stream {
        CHAT,
        COMPLETIONS,
        RESPONSES,
        /** A stream of which nothing is known. */
        PLAIN
    }

    private static final byte[] HEARTBEAT = ": waiting\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final String MODEL = "tollgate";
    private final Stream stream;

    OpenAiDialect(Stream stream) {
        this.stream = stream;
    }

    @Override
    public ErrorReply error(Problem problem, String requestId) {
        return new ErrorReply(status(problem.kind()), Retrying.headers(problem, this), errorBody(problem));
    }

    @Override
    public byte[] streamOpening(String requestId) {
        return stream == Stream.RESPONSES ? SpokenResponse.created(requestId) : new byte[0];
    }

    @Override
    public byte[] streamEnd(Problem problem, String requestId) {
        return switch (stream) {
            case CHAT -> isDenial(problem) ? chatEnd(problem, requestId) : errorEnd(problem);
            case COMPLETIONS -> isDenial(problem) ? completionsEnd(problem, requestId) : errorEnd(problem);
            case RESPONSES -> responsesEnd(problem, requestId);
            case PLAIN -> errorEnd(problem);
        };
    }

    @Override
    public Optional<Spoken> spoken(Problem problem, String requestId) {
        return switch (stream) {
            case CHAT -> Optional.of(Spoken.chat(problem.message(), requestId));
            case COMPLETIONS -> Optional.of(Spoken.completions(problem.message(), requestId));
            case RESPONSES -> Optional.of(SpokenResponse.of(problem.message(), requestId));
            case PLAIN -> Optional.empty();
        };
    }

    @Override
    public byte[] heartbeat() {
        return HEARTBEAT.clone();
    }

    static int status(Problem.Kind kind) {
        return switch (kind) {
            case POLICY, BUDGET, MALFORMED -> 400;
            case AUTHENTICATION -> 401;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case TIMEOUT -> 408;
            case TOO_LARGE -> 413;
            case URI_TOO_LONG -> 414;
            case HEAD_TOO_LARGE -> 431;
            case UNSUPPORTED -> 415;
            case RATE_LIMIT -> 429;
            case UPSTREAM -> 502;
            case UNAVAILABLE -> 503;
            case UPSTREAM_TIMEOUT -> 504;
        };
    }

    private static String type(Problem.Kind kind) {
        return switch (kind) {
            case POLICY,
                    AUTHENTICATION,
                    MALFORMED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT,
                    TOO_LARGE,
                    URI_TOO_LONG,
                    HEAD_TOO_LARGE,
                    UNSUPPORTED -> "invalid_request_error";
            case BUDGET -> "budget_exceeded";
            case RATE_LIMIT -> "rate_limit_exceeded";
            case UNAVAILABLE, UPSTREAM, UPSTREAM_TIMEOUT -> "server_error";
        };
    }

    /** The code on the wire: the ones that clients know where DESIGN §7 names one, else the problem's own. */
    static String code(Problem problem) {
        return switch (problem.kind()) {
            case POLICY -> isAboutContent(problem.code()) ? "content_policy_violation" : "policy_denied";
            case BUDGET -> "budget_exceeded";
            case AUTHENTICATION -> "invalid_api_key";
            case RATE_LIMIT -> "rate_limit_exceeded";
            case UNAVAILABLE -> "enforcement_unavailable";
            case MALFORMED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT,
                    TOO_LARGE,
                    URI_TOO_LONG,
                    HEAD_TOO_LARGE,
                    UNSUPPORTED,
                    UPSTREAM,
                    UPSTREAM_TIMEOUT -> problem.code();
        };
    }

    private static boolean isAboutContent(String code) {
        return code.endsWith("_found") || code.equals("unreadable_content");
    }

    private static boolean isDenial(Problem problem) {
        return problem.kind() == Problem.Kind.POLICY || problem.kind() == Problem.Kind.BUDGET;
    }

    private static byte[] errorBody(Problem problem) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", problem.message());
            json.writeStringField("type", type(problem.kind()));
            json.writeNullField("param");
            json.writeStringField("code", code(problem));
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static byte[] errorEnd(Problem problem) {
        return new Events().add(errorBody(problem)).add(Events.DONE).bytes();
    }

    private static byte[] chatEnd(Problem problem, String requestId) {
        byte[] reason = chunk(requestId, "chat.completion.chunk", json -> {
            json.writeObjectFieldStart("delta");
            json.writeStringField("role", "assistant");
            json.writeStringField("content", problem.message());
            json.writeEndObject();
            json.writeNullField("finish_reason");
        });
        byte[] end = chunk(requestId, "chat.completion.chunk", json -> {
            json.writeObjectFieldStart("delta");
            json.writeEndObject();
            json.writeStringField("finish_reason", "content_filter");
        });
        return new Events().add(reason).add(end).add(Events.DONE).bytes();
    }

    private static byte[] completionsEnd(Problem problem, String requestId) {
        byte[] end = chunk(requestId, "text_completion", json -> {
            json.writeStringField("text", problem.message());
            json.writeNullField("logprobs");
            json.writeStringField("finish_reason", "content_filter");
        });
        return new Events().add(end).add(Events.DONE).bytes();
    }

    private static byte[] chunk(String requestId, String object, JsonText.Writer choice) {
        return JsonText.of(json -> {
            start(json, requestId, object);
            json.writeNumberField("created", 0);
            json.writeStringField("model", MODEL);
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", 0);
            choice.write(json);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static byte[] responsesEnd(Problem problem, String requestId) {
        byte[] failed = JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", "response.failed");
            json.writeNumberField("sequence_number", 0);
            json.writeFieldName("response");
            start(json, requestId, "response");
            json.writeNumberField("created_at", 0);
            json.writeStringField("status", "failed");
            json.writeObjectFieldStart("error");
            json.writeStringField("code", failedCode(problem));
            json.writeStringField("message", problem.message());
            json.writeEndObject();
            json.writeNullField("incomplete_details");
            json.writeStringField("model", MODEL);
            json.writeArrayFieldStart("output");
            json.writeEndArray();
            json.writeNullField("usage");
            json.writeEndObject();
            json.writeEndObject();
        });
        return new Events().add("response.failed", failed).bytes();
    }

    private static String failedCode(Problem problem) {
        return isDenial(problem) ? "content_policy_violation" : code(problem);
    }

    private static void start(JsonGenerator json, String requestId, String object) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", requestId);
        json.writeStringField("object", object);
    }
}
