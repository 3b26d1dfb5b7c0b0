package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import java.util.List;

/** Where the texts of Anthropic's messages stand, and of Amazon's: each is a string, or blocks with types of their own. */
final class AnthropicMessages {
    private AnthropicMessages() {}

    static void read(Reading reading, Json messages) {
        List<Json> all = messages instanceof Json.Arr array ? array.elements() : List.of();
        int firstNew = Conversation.firstNew(all, ChatMessages::isFromModel);
        reading.elements(messages, (index, item) -> {
            boolean isNew = index >= firstNew;
            if (item instanceof Json.Obj message) {
                message(reading, message, isNew);
            } else {
                reading.all(item, Place.USER, isNew);
            }
        });
    }

    private static void message(Reading reading, Json.Obj message, boolean isNew) {
        Place place = ChatMessages.placeOf(message);
        reading.members(message, place, isNew, (name, value) -> {
            if (name.equals("content") && value instanceof Json.Arr) {
                reading.elements(value, (index, block) -> block(reading, block, place, isNew));
            } else {
                reading.all(value, place, isNew);
            }
        });
    }

    private static void block(Reading reading, Json block, Place speaker, boolean isNew) {
        if (!(block instanceof Json.Obj object)) {
            reading.all(block, speaker, isNew);
            return;
        }
        Place place = placeOf(object, speaker);
        reading.members(object, place, isNew, (name, value) -> {
            boolean isLabel = name.equals("id") || name.equals("tool_use_id");
            reading.all(value, isLabel ? Place.METADATA : place, isNew);
        });
    }

    private static Place placeOf(Json.Obj block, Place speaker) {
        String type = block.string("type");
        if (type == null) {
            return untyped(block, speaker);
        }
        if (type.equals("text")) {
            return speaker;
        }
        // tool_result, web_search_tool_result, mcp_tool_result, …
        if (type.endsWith("tool_result")) {
            return Place.TOOL_RESULT;
        }
        // tool_use, server_tool_use, mcp_tool_use
        if (type.endsWith("tool_use")) {
            return Place.TOOL_ARGUMENTS;
        }
        return switch (type) {
            case "thinking", "redacted_thinking" -> Place.REASONING;
            case "document", "search_result", "container_upload" -> Place.DOCUMENT;
            default -> speaker;
        };
    }

    /** Amazon's blocks are told by their one member (Amazon Bedrock API reference, "ContentBlock"). */
    private static Place untyped(Json.Obj block, Place speaker) {
        if (block.get("toolResult") != null) {
            return Place.TOOL_RESULT;
        }
        if (block.get("toolUse") != null) {
            return Place.TOOL_ARGUMENTS;
        }
        if (block.get("reasoningContent") != null) {
            return Place.REASONING;
        }
        return block.get("document") == null ? speaker : Place.DOCUMENT;
    }
}
