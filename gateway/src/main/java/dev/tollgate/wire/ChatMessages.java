package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import java.util.List;

/** Where the texts of messages with roles stand: shared by the wires whose messages look like OpenAI's. */
final class ChatMessages {
    private ChatMessages() {}

    static boolean isFromModel(Json.Obj message) {
        return "assistant".equals(message.string("role"));
    }

    static Place placeOf(Json.Obj message) {
        String role = message.string("role");
        return switch (role == null ? "" : role) {
            case "system", "developer" -> Place.SYSTEM;
            case "user" -> Place.USER;
            case "assistant" -> Place.ASSISTANT;
            case "tool", "function" -> Place.TOOL_RESULT;
            default -> Place.OTHER;
        };
    }

    /** Reads a member that holds an array of messages. */
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
        Place place = placeOf(message);
        reading.members(message, place, isNew, (name, value) -> {
            switch (name) {
                case "content" -> content(reading, value, place, isNew);
                case "tool_calls", "function_call" -> reading.all(value, Place.TOOL_ARGUMENTS, isNew);
                case "reasoning_content", "reasoning", "reasoning_details", "thinking" ->
                    reading.all(value, Place.REASONING, isNew);
                case "id", "name", "tool_call_id" -> reading.all(value, Place.METADATA, isNew);
                default -> reading.all(value, place, isNew);
            }
        });
    }

    private static void content(Reading reading, Json content, Place place, boolean isNew) {
        if (!(content instanceof Json.Arr)) {
            reading.all(content, place, isNew);
            return;
        }
        reading.elements(content, (index, part) -> reading.all(part, partPlace(part, place), isNew));
    }

    private static Place partPlace(Json part, Place place) {
        String type = part instanceof Json.Obj object ? object.string("type") : null;
        return switch (type == null ? "" : type) {
            case "file", "input_file", "document", "document_url" -> Place.DOCUMENT;
            case "thinking", "reasoning" -> Place.REASONING;
            default -> place;
        };
    }
}
