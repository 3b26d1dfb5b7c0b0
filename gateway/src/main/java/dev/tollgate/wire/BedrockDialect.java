package dev.tollgate.wire;

import dev.tollgate.exchange.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Errors as Amazon Bedrock writes them: the SDKs take the class of an error from a header and its text from {@code message}, and say
 * "unknown error" to anything else (Bedrock API reference, "Common errors"; AWS SDK docs, "Event stream encoding").
 */
final class BedrockDialect implements Dialect {
    private static final String TYPE = "x-amzn-errortype";
    private static final byte STRING = 7;

    @Override
    public ErrorReply error(Problem problem, String requestId) {
        List<Headers.Field> fields =
                new ArrayList<>(Retrying.headers(problem, this).fields());
        fields.add(new Headers.Field(TYPE, type(problem.kind())));
        return new ErrorReply(status(problem.kind()), new Headers(fields), body(problem));
    }

    @Override
    public byte[] streamEnd(Problem problem, String requestId) {
        String type = type(problem.kind());
        String member = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        return message(member, body(problem));
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

    private static byte[] message(String exception, byte[] payload) {
        ByteBuffer headers = ByteBuffer.allocate(200);
        header(headers, ":exception-type", exception);
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", "exception");
        int length = 12 + headers.position() + payload.length + 4;
        ByteBuffer message = ByteBuffer.allocate(length).putInt(length).putInt(headers.position());
        message.putInt(checksum(message));
        message.put(headers.flip()).put(payload);
        return message.putInt(checksum(message)).array();
    }

    private static void header(ByteBuffer to, String name, String value) {
        to.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
        to.put(STRING).putShort((short) value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static int checksum(ByteBuffer written) {
        CRC32 crc = new CRC32();
        crc.update(written.duplicate().flip());
        return (int) crc.getValue();
    }
}
