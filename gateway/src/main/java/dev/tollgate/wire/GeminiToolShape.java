package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Calls in Gemini's replies: parts with a {@code functionCall}, each whole in its chunk (Gemini API reference, "Part"). */
final class GeminiToolShape extends ToolShape {
    @Override
    void read(ObjectNode data, int number) {
        each(data, number, (parts, i, place, call) -> {
            Draft draft = draft(place);
            draft.tool.append(call.path("name").asText());
            draft.arguments.append(
                    call.path("args").isMissingNode() ? "{}" : call.path("args").toString());
        });
    }

    @Override
    List<Event> without(Event event, int number, Map<String, String> instead) {
        each(event.data(), number, (parts, i, place, call) -> {
            String text = instead.get(place);
            if (text != null) {
                parts.set(i, JsonNodeFactory.instance.objectNode().put("text", text));
            }
        });
        return List.of(event);
    }

    @Override
    void edit(ObjectNode data, int number) {
        each(data, number, (parts, i, place, call) -> {
            if (isEdited(place) && call instanceof ObjectNode changed) {
                changed.set("args", tree(place));
            }
        });
    }

    @FunctionalInterface
    private interface Found {
        void at(ArrayNode parts, int index, String place, JsonNode call);
    }

    private static void each(ObjectNode data, int event, Found found) {
        int candidates = 0;
        for (JsonNode candidate : data.path("candidates")) {
            ArrayNode parts = array(candidate.path("content"), "parts");
            for (int i = 0; parts != null && i < parts.size(); i++) {
                JsonNode part = parts.get(i);
                JsonNode call = part.has("functionCall") ? part.path("functionCall") : part.path("function_call");
                if (call.isObject()) {
                    found.at(parts, i, event + "." + candidates + "." + i, call);
                }
            }
            candidates++;
        }
    }
}
