package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls in chat completions: whole in {@code message.tool_calls}, in pieces in {@code delta.tool_calls} (OpenAI API reference). */
final class ChatToolShape extends ToolShape {
    private static final String FUNCTION_CALL = "function_call";

    private final Set<String> told = new HashSet<>();

    @Override
    void read(ObjectNode data, int number) {
        for (JsonNode choice : data.path("choices")) {
            int index = choice.path("index").asInt(0);
            ObjectNode message = message(choice);
            if (message == null) {
                continue;
            }
            int position = 0;
            for (JsonNode call : message.path("tool_calls")) {
                JsonNode body = call.has("custom") ? call.path("custom") : call.path("function");
                Draft draft = draft(place(index, call.path("index").asInt(position++)));
                draft.tool.append(body.path("name").asText());
                draft.arguments.append(
                        body.path(body.has("input") ? "input" : "arguments").asText());
            }
            ObjectNode single = object(message, FUNCTION_CALL);
            if (single != null) {
                Draft draft = draft(place(index, -1));
                draft.tool.append(single.path("name").asText());
                draft.arguments.append(single.path("arguments").asText());
            }
        }
    }

    @Override
    List<Event> without(Event event, int number, Map<String, String> instead) {
        for (JsonNode choice : event.data().path("choices")) {
            ObjectNode message = message(choice);
            if (message != null && choice instanceof ObjectNode changed) {
                choice(changed, message, instead);
            }
        }
        return List.of(event);
    }

    @Override
    void edit(ObjectNode data, int number) {
        for (JsonNode choice : data.path("choices")) {
            ObjectNode message = message(choice);
            if (message == null) {
                continue;
            }
            int index = choice.path("index").asInt(0);
            int position = 0;
            for (JsonNode call : message.path("tool_calls")) {
                JsonNode body = call.has("custom") ? call.path("custom") : call.path("function");
                arguments(body, place(index, call.path("index").asInt(position++)));
            }
            arguments(message.path(FUNCTION_CALL), place(index, -1));
        }
    }

    private void arguments(JsonNode body, String place) {
        String name = body.has("input") ? "input" : "arguments";
        if (isEdited(place) && body.has(name) && body instanceof ObjectNode changed) {
            changed.put(name, piece(place));
        }
    }

    private void choice(ObjectNode choice, ObjectNode message, Map<String, String> instead) {
        int index = choice.path("index").asInt(0);
        ArrayNode calls = array(message, "tool_calls");
        if (calls != null) {
            int position = 0;
            for (var each = calls.iterator(); each.hasNext(); position++) {
                JsonNode call = each.next();
                int number = call.path("index").asInt(position);
                String place = place(index, number);
                if (instead.containsKey(place)) {
                    each.remove();
                    say(message, place, instead.get(place));
                } else {
                    renumber(call, index, number, instead);
                }
            }
            if (calls.isEmpty()) {
                message.remove("tool_calls");
            }
        }
        String single = place(index, -1);
        if (message.has(FUNCTION_CALL) && instead.containsKey(single)) {
            message.remove(FUNCTION_CALL);
            say(message, single, instead.get(single));
        }
        String finish = choice.path("finish_reason").asText();
        boolean keepsCalling = calls().stream()
                .anyMatch(call -> call.place().startsWith(index + ".") && !instead.containsKey(call.place()));
        if (!keepsCalling && (finish.equals("tool_calls") || finish.equals(FUNCTION_CALL))) {
            choice.put("finish_reason", "stop");
        }
    }

    /** Clients take the index for a position: there must be no gap. */
    private static void renumber(JsonNode call, int choice, int number, Map<String, String> instead) {
        if (call.has("index") && call instanceof ObjectNode changed) {
            int before = 0;
            for (int i = 0; i < number; i++) {
                before += instead.containsKey(place(choice, i)) ? 1 : 0;
            }
            changed.put("index", number - before);
        }
    }

    private void say(ObjectNode message, String place, @Nullable String text) {
        if (told.add(place)) {
            String said = message.path("content").asText("");
            message.put("content", message.path("content").isTextual() && !said.isEmpty() ? said + "\n" + text : text);
        }
    }

    private static @Nullable ObjectNode message(JsonNode choice) {
        ObjectNode delta = object(choice, "delta");
        return delta == null ? object(choice, "message") : delta;
    }

    private static String place(int choice, int call) {
        return choice + "." + call;
    }
}
