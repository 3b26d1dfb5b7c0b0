package dev.tollgate.wire;

import dev.tollgate.exchange.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Errors as Amazon Bedrock writes them: the SDKs take the class of an error from a header and its text from {@code message}, and say
 * "unknown error" to anything else (Bedrock API reference, "Common errors"; AWS SDK docs, "Event stream encoding").
 */
final class BedrockDialect implements Dialect {
    private static final String TYPE = "x-amzn-errortype";

    @Override
    public ErrorReply error(Problem problem, String requestId) {
        List<Headers.Field> fields =
                new ArrayList<>(Retrying.headers(problem, this).fields());
        fields.add(new Headers.Field(TYPE, type(problem.kind())));
        return new ErrorReply(status(problem.kind()), new Headers(fields), body(problem));
    }

    @Override
    public byte[] streamEnd(Problem problem, String requestId) {
        return messagesEnd(problem);
    }

    /** The message that ends a binary stream of events, whoever's it is. */
    static byte[] lastMessage(Problem problem) {
        String type = type(problem.kind());
        String member = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        return AwsEventStream.exception(member, body(problem));
    }

    @Override
    public String streamType() {
        return AMAZON_EVENTS;
    }

    /** The event stream knows nothing that means nothing. */
    @Override
    public byte[] heartbeat() {
        return new byte[0];
    }

    private static int status(Problem.Kind kind) {
        return kind == Problem.Kind.POLICY ? 403 : OpenAiDialect.status(kind);
    }

    // Of the classes with a fitting meaning those that the SDKs do not try again, but for the two that are worth it.
    private static String type(Problem.Kind kind) {
        return switch (kind) {
            case POLICY -> "AccessDeniedException";
            case BUDGET -> "ServiceQuotaExceededException";
            case RATE_LIMIT -> "ThrottlingException";
            case AUTHENTICATION -> "UnrecognizedClientException";
            case NOT_FOUND -> "ResourceNotFoundException";
            case UNAVAILABLE -> "ServiceUnavailableException";
            case UPSTREAM -> "InternalServerException";
            case UPSTREAM_TIMEOUT -> "ModelTimeoutException";
            case MALFORMED, METHOD_NOT_ALLOWED, TIMEOUT, TOO_LARGE, URI_TOO_LONG, HEAD_TOO_LARGE, UNSUPPORTED ->
                "ValidationException";
        };
    }

    private static byte[] body(Problem problem) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("message", problem.message());
            json.writeEndObject();
        });
    }
}
