package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** How requests, replies and denials look on each wire: {@code wires.yaml}, read once. */
final class WireTemplates {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_OUTPUT = 50;

    private final JsonNode all;

    private WireTemplates(JsonNode all) {
        this.all = all;
    }

    static WireTemplates read(Path file) throws IOException {
        return new WireTemplates(new ObjectMapper(new YAMLFactory()).readTree(file.toFile()));
    }

    private JsonNode wire(String id) {
        JsonNode wire = all.path("wires").path(id);
        if (wire.isMissingNode()) {
            throw new IllegalArgumentException("wires.yaml knows no wire " + id);
        }
        String like = wire.path("like").asText();
        if (like.isEmpty()) {
            return wire;
        }
        ObjectNode joined = wire(like).deepCopy();
        return joined.setAll((ObjectNode) wire);
    }

    /** The part of a bundle that leads every provider to the scripted one. */
    JsonNode providers() {
        return all.path("policy");
    }

    private static JsonNode model(JsonNode wire, JsonNode when) {
        return when.has("model") ? when.get("model") : wire.path("model");
    }

    /** Where a request goes. */
    String path(String id, JsonNode when) {
        JsonNode wire = wire(id);
        JsonNode path = when.has("path") ? when.get("path") : wire.path(streams(when) ? "stream_path" : "path");
        JsonNode taken = path.isMissingNode() ? wire.path("path") : path;
        return Template.filled(taken, Map.of("model", model(wire, when))).asText();
    }

    static boolean streams(JsonNode when) {
        return when.path("stream").asBoolean();
    }

    /** The name of the header in which this wire's clients send a key, and what stands before it. */
    String keyHeader(String id) {
        return wire(id).path("key_header").asText();
    }

    /** The body of a request that says these things. */
    JsonNode body(String id, JsonNode when) {
        JsonNode wire = wire(id);
        ArrayNode turns = NODES.arrayNode();
        if (when.has("system")) {
            turns.addAll(turn(wire, "system", when.get("system")));
        }
        when.path("turns")
                .forEach(turn ->
                        turn.properties().forEach(said -> turns.addAll(turn(wire, said.getKey(), said.getValue()))));
        if (when.has("user")) {
            turns.addAll(turn(wire, "user", when.get("user")));
        }
        JsonNode limit = when.has("max_output") ? when.get("max_output") : IntNode.valueOf(MAX_OUTPUT);
        JsonNode body = Template.filled(
                wire.path("body"), Map.of("turns", turns, "model", model(wire, when), "max_output", limit));
        if (when.has("system")) {
            body = Template.merged(body, Template.filled(wire.path("system_top"), Map.of("text", when.get("system"))));
        }
        return streams(when) ? Template.merged(body, wire.path("stream")) : body;
    }

    private static ArrayNode turn(JsonNode wire, String role, JsonNode text) {
        JsonNode turn = wire.path("turns").path(role);
        if (turn.isMissingNode()) {
            throw new IllegalArgumentException("wires.yaml knows no turn " + role + " of this wire");
        }
        return (ArrayNode) Template.filled(turn, Map.of("text", text));
    }

    /** The answer of a provider, as a document. */
    JsonNode reply(String id, JsonNode reply) {
        return Template.filled(wire(id).path("reply"), values(reply));
    }

    /** The answer of a provider, as a stream. */
    String streamedReply(String id, JsonNode reply) {
        StringBuilder events = new StringBuilder();
        for (JsonNode event : Template.filled(wire(id).path("stream_reply"), values(reply))) {
            if (event.has("event")) {
                events.append("event: ").append(event.get("event").asText()).append('\n');
            }
            JsonNode data = event.get("data");
            events.append("data: ")
                    .append(data.isTextual() ? data.asText() : data.toString())
                    .append("\n\n");
        }
        return events.toString();
    }

    private static Map<String, JsonNode> values(JsonNode reply) {
        int input = reply.path("input").asInt(10);
        int output = reply.path("output").asInt(5);
        return Map.of(
                "text", reply.has("text") ? reply.get("text") : TextNode.valueOf("fine"),
                "input", IntNode.valueOf(input),
                "output", IntNode.valueOf(output),
                "total", IntNode.valueOf(input + output));
    }

    /** What a document with this answer holds. */
    JsonNode answer(String id, JsonNode text) {
        return Template.filled(wire(id).path("answer"), Map.of("text", text));
    }

    /** What a stream with this answer holds, event by event. */
    JsonNode streamedAnswer(String id, JsonNode text) {
        return Template.filled(wire(id).path("stream_answer"), Map.of("text", text));
    }

    /**
     * How a denial looks.
     *
     * @return {@code status}, {@code headers} and {@code json}
     */
    JsonNode denial(String id, String code) {
        JsonNode kind = all.path("kinds").path(code);
        JsonNode denial = wire(id).path("denials").path(kind.asText());
        if (denial.isMissingNode()) {
            throw new IllegalArgumentException("wires.yaml does not tell how " + id + " shows " + code);
        }
        Map<String, JsonNode> values =
                Map.of("code", TextNode.valueOf(code), "CODE", TextNode.valueOf(code.toUpperCase(Locale.ROOT)));
        return Template.filled(Template.merged(all.path("every_denial").path(kind.asText()), denial), values);
    }
}
