package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls in messages: blocks of type {@code tool_use}, whole or in pieces (Anthropic API reference, "Messages" and "Streaming messages"). */
final class AnthropicToolShape extends ToolShape {
    private static final String TOOL_USE = "tool_use";

    /** Blocks that are calls. */
    private final Set<String> blocks = new HashSet<>();

    @Override
    void read(ObjectNode data, int number) {
        String type = data.path("type").asText();
        if (type.equals("message")) {
            int position = 0;
            for (JsonNode block : data.path("content")) {
                block(Integer.toString(position++), block);
            }
        } else if (type.equals("content_block_start")) {
            block(data.path("index").asText(), data.path("content_block"));
        } else if (type.equals("content_block_delta")) {
            String place = data.path("index").asText();
            if (blocks.contains(place)) {
                draft(place)
                        .arguments
                        .append(data.path("delta").path("partial_json").asText());
            }
        }
    }

    private void block(String place, JsonNode block) {
        if (block.path("type").asText().equals(TOOL_USE)) {
            blocks.add(place);
            Draft draft = draft(place);
            draft.tool.append(block.path("name").asText());
            JsonNode input = block.path("input");
            if (input.isObject() && !input.isEmpty()) {
                draft.arguments.append(input);
            }
        }
    }

    @Override
    List<Event> without(Event event, int number, Map<String, String> instead) {
        ObjectNode data = event.data();
        String type = data.path("type").asText();
        String place = data.path("index").asText();
        switch (type) {
            case "message" -> {
                ArrayNode content = array(data, "content");
                for (int i = 0; content != null && i < content.size(); i++) {
                    String text = instead.get(Integer.toString(i));
                    if (text != null) {
                        content.set(i, text(text));
                    }
                }
                stop(data, instead);
            }
            case "content_block_start" -> {
                String text = instead.get(place);
                if (text != null) {
                    data.set("content_block", text(""));
                    return List.of(event, new Event("content_block_delta", delta(data.path("index"), text)));
                }
            }
            case "content_block_delta" -> {
                if (instead.containsKey(place)) {
                    return List.of();
                }
            }
            case "message_delta" -> {
                ObjectNode delta = object(data, "delta");
                if (delta != null) {
                    stop(delta, instead);
                }
            }
            default -> {}
        }
        return List.of(event);
    }

    @Override
    void edit(ObjectNode data, int number) {
        String place = data.path("index").asText();
        switch (data.path("type").asText()) {
            case "message" -> {
                int position = 0;
                for (JsonNode block : data.path("content")) {
                    input(block, Integer.toString(position++));
                }
            }
            case "content_block_start" -> {
                JsonNode block = data.path("content_block");
                if (!block.path("input").isEmpty()) {
                    input(block, place);
                }
            }
            case "content_block_delta" -> {
                ObjectNode delta = object(data, "delta");
                if (delta != null && isEdited(place) && delta.has("partial_json")) {
                    delta.put("partial_json", piece(place));
                }
            }
            default -> {}
        }
    }

    private void input(JsonNode block, String place) {
        if (isEdited(place) && block instanceof ObjectNode changed) {
            changed.set("input", tree(place));
        }
    }

    private void stop(ObjectNode holder, Map<String, String> instead) {
        boolean calls = blocks.stream().anyMatch(place -> !instead.containsKey(place));
        if (!calls && holder.path("stop_reason").asText().equals(TOOL_USE)) {
            holder.put("stop_reason", "end_turn");
        }
    }

    private static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
    }

    private static ObjectNode delta(JsonNode index, String text) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("type", "content_block_delta");
        data.set("index", index);
        data.putObject("delta").put("type", "text_delta").put("text", text);
        return data;
    }
}
