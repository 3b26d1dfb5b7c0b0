package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.wire.Dialect;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Locale;

/**
 * What the head of a provider's answer says about its body.
 *
 * @param status HTTP status
 * @param isEvents whether it is a server-sent stream that can be read
 * @param isJson whether it is JSON that can be read
 * @param isMessages whether it is Bedrock's binary stream of events
 * @param isEmpty whether there is no body, whatever the head says
 * @param isArray whether it is a stream in the form of one JSON array that grows, as Gemini sends where no events were asked for
 * @param isDocument whether it may be passed on whole, so that its head can tell what it cost
 * @param length bytes that the head announces; -1 if it does not
 */
record AnswerForm(
        int status,
        boolean isEvents,
        boolean isJson,
        boolean isMessages,
        boolean isEmpty,
        boolean isArray,
        boolean isDocument,
        long length) {
    private static final int FIRST_STATUS_OF_NO_SUCCESS = 300;

    static AnswerForm of(HttpClientResponse answer, Exchange exchange) {
        int status = answer.statusCode();
        String type = header(answer, "content-type").toLowerCase(Locale.ROOT);
        boolean isCoded = !header(answer, "content-encoding").isEmpty();
        boolean isStream = type.startsWith("text/event-stream");
        boolean isJson = type.contains("json") && !isCoded;
        boolean isEmpty = HttpMethod.HEAD.name().equals(exchange.inbound().method()) || status == 204 || status == 304;
        String length = header(answer, "content-length");
        boolean streams = exchange.facts().streams();
        return new AnswerForm(
                status,
                isStream && !isCoded,
                isJson,
                type.startsWith(Dialect.AMAZON_EVENTS) && !isCoded,
                isEmpty,
                isJson && streams && status < FIRST_STATUS_OF_NO_SUCCESS && length.isEmpty(),
                !isStream && !streams && (isJson || isEmpty),
                length.isEmpty() ? -1 : Long.parseLong(length));
    }

    /** Whether it is a stream whose events can be told apart, so that it may end before its end. */
    boolean isStream() {
        return isEvents || isMessages || isArray;
    }

    boolean isSuccess() {
        return status < FIRST_STATUS_OF_NO_SUCCESS;
    }

    /** The form in which it goes on to the client. */
    ReplyForm toClient() {
        if (isEvents) {
            return ReplyForm.STREAM;
        }
        if (isMessages) {
            return ReplyForm.MESSAGES;
        }
        return isArray ? ReplyForm.ARRAY : ReplyForm.DOCUMENT;
    }

    private static String header(HttpClientResponse answer, String name) {
        String value = answer.getHeader(name);
        return value == null ? "" : value;
    }
}
