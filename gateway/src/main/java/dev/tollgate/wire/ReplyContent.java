package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a reply says, whatever its wire and whether it came as a document or as a stream: for people who read it, and for comparing two.
 *
 * @param text what the model says
 * @param reasoning what it thinks, as far as the provider shows it
 * @param tools the tools it calls
 * @param finish why it ended, in the provider's word; empty where that is not told
 * @param error what the provider says went wrong; empty where nothing did
 */
public record ReplyContent(String text, String reasoning, List<Tool> tools, String finish, String error) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * @param name the tool
     * @param arguments as the model wrote them, normally JSON
     */
    public record Tool(String name, String arguments) {
        @Override
        public String toString() {
            return "Tool[" + name + ", redacted]";
        }
    }

    public ReplyContent {
        tools = List.copyOf(tools);
    }

    /** Reads a reply of any known wire; empty where nothing in it can be understood. */
    public static Optional<ReplyContent> of(byte[] reply) {
        return new ReplyReading().read(reply);
    }

    /** Every text of it changed in the same way. */
    public ReplyContent map(UnaryOperator<String> change) {
        return new ReplyContent(
                change.apply(text),
                change.apply(reasoning),
                tools.stream()
                        .map(tool -> new Tool(tool.name, change.apply(tool.arguments)))
                        .toList(),
                finish,
                change.apply(error));
    }

    /** As a JSON document, from which {@link #parse} makes the same again. */
    public byte[] toJson() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("text", text).put("reasoning", reasoning);
        var list = json.putArray("tools");
        tools.forEach(tool -> list.addObject().put("name", tool.name).put("arguments", tool.arguments));
        json.put("finish", finish).put("error", error);
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException impossible) {
            throw new IllegalStateException("a tree of texts is JSON", impossible);
        }
    }

    /**
     * @throws IOException if it is not what {@link #toJson} wrote
     */
    public static ReplyContent parse(byte[] written) throws IOException {
        JsonNode json = MAPPER.readTree(written);
        List<Tool> tools = json.path("tools")
                .valueStream()
                .map(tool -> new Tool(
                        tool.path("name").asText(), tool.path("arguments").asText()))
                .toList();
        return new ReplyContent(
                json.path("text").asText(),
                json.path("reasoning").asText(),
                tools,
                json.path("finish").asText(),
                json.path("error").asText());
    }

    @Override
    public String toString() {
        return "ReplyContent[" + text.length() + " characters, " + tools.size() + " tools, redacted]";
    }
}
