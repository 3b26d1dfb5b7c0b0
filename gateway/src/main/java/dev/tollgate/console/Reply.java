package dev.tollgate.console;

import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is answered.
 *
 * @param status HTTP status
 * @param contentType media type; empty where there is no body
 * @param body shared, never written to
 * @param headers further header fields in order
 * @param stream writes what comes after the head, for as long as it likes, in place of {@code body}; null where there is a body
 */
@SuppressWarnings("ArrayRecordComponent") // Written once to a socket, never compared.
record Reply(
        int status,
        String contentType,
        byte[] body,
        List<Map.Entry<String, String>> headers,
        @Nullable Stream stream) {
    /** Writes an answer piece by piece, on the response's event loop. */
    @FunctionalInterface
    interface Stream {
        void into(HttpServerResponse response);
    }

    Reply(int status, String contentType, byte[] body, List<Map.Entry<String, String>> headers) {
        this(status, contentType, body, headers, null);
    }

    static final String HTML = "text/html; charset=utf-8";
    static final String JSON = "application/json";
    private static final byte[] NOTHING = new byte[0];

    Reply {
        headers = List.copyOf(headers);
    }

    /** How many bytes a page takes. */
    static int bytes(String page) {
        return page.getBytes(StandardCharsets.UTF_8).length;
    }

    static Reply html(int status, String page) {
        return new Reply(status, HTML, page.getBytes(StandardCharsets.UTF_8), List.of());
    }

    static Reply json(int status, byte[] document) {
        return new Reply(status, JSON, document, List.of());
    }

    /** Server-sent events. */
    static Reply events(Stream stream) {
        return new Reply(200, "text/event-stream", NOTHING, List.of(), stream);
    }

    static Reply text(int status, String contentType, String text) {
        return new Reply(status, contentType, text.getBytes(StandardCharsets.UTF_8), List.of());
    }

    /** Nothing new: htmx leaves the page as it is. */
    static Reply unchanged() {
        return new Reply(204, "", NOTHING, List.of());
    }

    /** Sends a browser to another page after a form, or to sign in. */
    static Reply seeOther(String path) {
        return new Reply(303, "", NOTHING, List.of(Map.entry("Location", path)));
    }

    Reply with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Reply(status, contentType, body, more, stream);
    }

    @Override
    public String toString() {
        return "Reply[" + status + " " + contentType + ", " + body.length + " bytes]";
    }
}
