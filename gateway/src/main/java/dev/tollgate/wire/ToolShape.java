package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where one family of wires has the calls of tools in its replies, and how a reply goes without some. One per reply. */
abstract class ToolShape {
    /** An event of a stream: its name, where it has one, and its data. */
    record Event(@Nullable String name, ObjectNode data) {}

    /** A call as it is put together. */
    static final class Draft {
        final StringBuilder tool = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
    }

    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    final Draft draft(String place) {
        return drafts.computeIfAbsent(place, any -> new Draft());
    }

    /** The calls read so far. */
    final List<CalledTool> calls() {
        List<CalledTool> calls = new ArrayList<>();
        drafts.forEach(
                (place, draft) -> calls.add(new CalledTool(place, draft.tool.toString(), draft.arguments.toString())));
        return calls;
    }

    /**
     * Reads the calls in an event, or in a whole document.
     *
     * @param number which event it is
     */
    abstract void read(ObjectNode data, int number);

    /**
     * An event without some calls.
     *
     * @param number which event it is
     * @param instead what stands in the place of each call that is taken out, by its place
     * @return the events in its place; itself where nothing of it changes
     */
    abstract List<Event> without(Event event, int number, Map<String, String> instead);

    static @Nullable ArrayNode array(JsonNode parent, String name) {
        return parent.get(name) instanceof ArrayNode array ? array : null;
    }

    static @Nullable ObjectNode object(JsonNode parent, String name) {
        return parent.get(name) instanceof ObjectNode object ? object : null;
    }

    /** The shape of a document or event; null where it is of none that has calls. */
    static @Nullable ToolShape of(ObjectNode data) {
        String type = data.path("type").asText();
        if (data.has("choices")) {
            return new ChatToolShape();
        }
        if (data.has("candidates")) {
            return new GeminiToolShape();
        }
        if (type.startsWith("response.") || data.path("object").asText().equals("response")) {
            return new ResponsesToolShape();
        }
        boolean isAnthropic = type.equals("message") || type.startsWith("message_") || type.startsWith("content_block");
        return isAnthropic ? new AnthropicToolShape() : null;
    }
}
