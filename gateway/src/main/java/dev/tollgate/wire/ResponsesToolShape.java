package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls in responses: items of the output that the client is to carry out (OpenAI API reference, "The Response object" and "Streaming events"). */
final class ResponsesToolShape extends ToolShape {
    /** Items whose name and arguments stand in members of these names; the others have theirs in their type and an action. */
    private static final Set<String> NAMED = Set.of("function_call", "custom_tool_call");

    private static final Set<String> CARRIED_OUT_BY_CLIENT = Set.of(
            "function_call", "custom_tool_call", "local_shell_call", "shell_call", "computer_call", "apply_patch_call");

    private final Set<String> named = new HashSet<>();
    private long sequence = -1;

    @Override
    void read(ObjectNode data, int number) {
        String type = data.path("type").asText();
        if (type.equals("response.output_item.done")) {
            item(data.path("output_index").asText(), data.path("item"));
        } else if (type.equals("response.output_item.added")) {
            begun(data.path("output_index").asText(), data.path("item"));
        } else if (data.path("object").asText().equals("response")) {
            int position = 0;
            for (JsonNode item : data.path("output")) {
                item(Integer.toString(position++), item);
            }
        }
    }

    /** Its arguments come later; that a call has begun is known now. */
    private void begun(String place, JsonNode item) {
        if (isCall(item)) {
            Draft draft = draft(place);
            draft.tool.setLength(0);
            draft.tool.append(name(item));
        }
    }

    private void item(String place, JsonNode item) {
        if (isCall(item)) {
            begun(place, item);
            Draft draft = draft(place);
            draft.arguments.setLength(0);
            draft.arguments.append(arguments(item));
            if (NAMED.contains(item.path("type").asText())) {
                named.add(place);
            }
        }
    }

    private static boolean isCall(JsonNode item) {
        return CARRIED_OUT_BY_CLIENT.contains(item.path("type").asText());
    }

    private static String name(JsonNode item) {
        String type = item.path("type").asText();
        return NAMED.contains(type) ? item.path("name").asText() : type.replaceFirst("_call$", "");
    }

    private static String arguments(JsonNode item) {
        if (NAMED.contains(item.path("type").asText())) {
            return item.path(item.has("input") ? "input" : "arguments").asText();
        }
        JsonNode action = item.has("action") ? item.path("action") : item.path("operation");
        return action.isObject() ? action.toString() : item.toString();
    }

    @Override
    List<Event> without(Event event, int number, Map<String, String> instead) {
        ObjectNode data = event.data();
        if (data.path("object").asText().equals("response")) {
            output(array(data, "output"), instead);
            return List.of(event);
        }
        if (sequence < 0) {
            sequence = data.path("sequence_number").asLong(0);
        }
        List<Event> events = events(event, instead);
        for (Event each : events) {
            each.data().put("sequence_number", sequence++);
        }
        return events;
    }

    @Override
    boolean canEdit(String place) {
        return named.contains(place);
    }

    @Override
    void edit(ObjectNode data, int number) {
        if (data.path("object").asText().equals("response")) {
            output(data.path("output"));
            return;
        }
        output(data.path("response").path("output"));
        String place = data.path("output_index").asText();
        if (!isEdited(place)) {
            return;
        }
        String type = data.path("type").asText();
        if (type.endsWith(".delta") && data.has("delta")) {
            data.put("delta", piece(place));
        } else if (type.endsWith(".done")) {
            whole(data, place);
            whole(data.path("item"), place);
        }
    }

    private void output(JsonNode items) {
        int position = 0;
        for (JsonNode item : items) {
            whole(item, Integer.toString(position++));
        }
    }

    private void whole(JsonNode holder, String place) {
        if (isEdited(place) && holder instanceof ObjectNode changed) {
            for (String name : List.of("input", "arguments")) {
                if (changed.has(name)) {
                    changed.put(name, whole(place));
                }
            }
        }
    }

    private static List<Event> events(Event event, Map<String, String> instead) {
        ObjectNode data = event.data();
        String text = instead.get(data.path("output_index").asText());
        String type = data.path("type").asText();
        if (text != null) {
            return type.equals("response.output_item.done")
                    ? said(data.path("output_index").asInt(), id(data.path("item")), text)
                    : List.of();
        }
        ObjectNode response = object(data, "response");
        if (response != null) {
            output(array(response, "output"), instead);
        }
        return List.of(event);
    }

    private static void output(@Nullable ArrayNode output, Map<String, String> instead) {
        for (int i = 0; output != null && i < output.size(); i++) {
            String text = instead.get(Integer.toString(i));
            if (text != null && isCall(output.get(i))) {
                output.set(i, message(id(output.get(i)), "completed", text));
            }
        }
    }

    private static String id(JsonNode item) {
        return "msg_" + item.path("id").asText("tollgate");
    }

    private static List<Event> said(int index, String id, String text) {
        List<Event> events = new ArrayList<>();
        ObjectNode added = add(events, "response.output_item.added").put("output_index", index);
        added.set("item", message(id, "in_progress", null));
        place(add(events, "response.content_part.added"), index, id).set("part", part(""));
        place(add(events, "response.output_text.delta"), index, id).put("delta", text);
        place(add(events, "response.output_text.done"), index, id).put("text", text);
        place(add(events, "response.content_part.done"), index, id).set("part", part(text));
        ObjectNode done = add(events, "response.output_item.done").put("output_index", index);
        done.set("item", message(id, "completed", text));
        return events;
    }

    private static ObjectNode add(List<Event> events, String type) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("type", type);
        events.add(new Event(type, data));
        return data;
    }

    private static ObjectNode place(ObjectNode data, int index, String id) {
        return data.put("item_id", id).put("output_index", index).put("content_index", 0);
    }

    private static ObjectNode message(String id, String status, @Nullable String text) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.put("id", id).put("type", "message").put("status", status).put("role", "assistant");
        ArrayNode content = item.putArray("content");
        if (text != null) {
            content.add(part(text));
        }
        return item;
    }

    private static ObjectNode part(String text) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.put("type", "output_text").put("text", text).putArray("annotations");
        return part;
    }
}
