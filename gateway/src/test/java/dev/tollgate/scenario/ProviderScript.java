package dev.tollgate.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.ScriptedProvider.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the providers of one scenario answer, in order, the last one for ever; and what they saw. */
final class ProviderScript {
    private static final int OK = 200;

    private final WireTemplates wires;
    private final String wire;
    private final JsonNode replies;
    private final List<Seen> seen = new ArrayList<>();
    private boolean streams;
    private int answered;

    /** One request as a provider saw it. */
    record Seen(String head, String body) {}

    ProviderScript(WireTemplates wires, String wire, JsonNode replies) {
        this.wires = wires;
        this.wire = wire;
        this.replies = replies;
    }

    /** From now on a reply without a body of its own is a stream, or a document. */
    synchronized void expect(boolean stream) {
        streams = stream;
        seen.clear();
    }

    synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    synchronized void play(Turn turn) throws IOException {
        seen.add(new Seen(turn.head(), turn.body()));
        JsonNode reply = replies.path(Math.min(answered, Math.max(0, replies.size() - 1)));
        answered++;
        int status = reply.path("status").asInt(OK);
        String body = own(reply, status);
        if (body == null && streams) {
            turn.send(head(status, "text/event-stream", reply, wires.streamedReply(wire, reply)));
            return;
        }
        turn.send(head(
                status,
                "application/json",
                reply,
                body == null ? wires.reply(wire, reply).toString() : body));
    }

    private static @Nullable String own(JsonNode reply, int status) {
        if (reply.has("body")) {
            return reply.get("body").isTextual()
                    ? reply.get("body").asText()
                    : reply.get("body").toString();
        }
        return status == OK ? null : "{\"error\":{\"message\":\"as the scenario says\"}}";
    }

    private static String head(int status, String type, JsonNode reply, String body) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
        if (!reply.path("headers").has("content-type")) {
            head.append("content-type: ").append(type).append("\r\n");
        }
        reply.path("headers")
                .properties()
                .forEach(header -> head.append(header.getKey())
                        .append(": ")
                        .append(header.getValue().asText())
                        .append("\r\n"));
        return head.append("content-length: ").append(body.getBytes(UTF_8).length) + "\r\n\r\n" + body;
    }
}
