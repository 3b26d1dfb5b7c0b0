package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import java.util.List;

/** Where the texts of the items of a responses call stand. Kinds of items come and go: what a name does not tell is read as other text. */
final class ResponsesInput {
    private ResponsesInput() {}

    static boolean isFromModel(Json.Obj item) {
        String type = type(item);
        return ChatMessages.isFromModel(item)
                || type.equals("reasoning")
                || type.startsWith("compaction")
                || type.endsWith("_call");
    }

    /** Reads the member {@code input}: a text, or items. */
    static void read(Reading reading, Json input) {
        if (!(input instanceof Json.Arr items)) {
            reading.all(input, Place.USER, true);
            return;
        }
        List<Json> all = items.elements();
        int firstNew = Conversation.firstNew(all, ResponsesInput::isFromModel);
        reading.elements(input, (index, item) -> {
            boolean isNew = index >= firstNew;
            if (item instanceof Json.Obj object) {
                item(reading, object, isNew);
            } else {
                reading.all(item, Place.USER, isNew);
            }
        });
    }

    private static void item(Reading reading, Json.Obj item, boolean isNew) {
        Place place = placeOf(item);
        reading.members(item, place, isNew, (name, value) -> {
            switch (name) {
                case "id", "call_id", "approval_request_id" -> reading.all(value, Place.METADATA, isNew);
                case "tools" -> reading.all(value, Place.TOOL_DEFINITION, isNew);
                // Calls of built-in tools carry what the tool answered.
                case "output", "outputs", "results" ->
                    reading.all(value, place == Place.TOOL_ARGUMENTS ? Place.TOOL_RESULT : place, isNew);
                case "content" -> content(reading, value, place, isNew);
                default -> reading.all(value, place, isNew);
            }
        });
    }

    private static void content(Reading reading, Json content, Place place, boolean isNew) {
        if (!(content instanceof Json.Arr)) {
            reading.all(content, place, isNew);
            return;
        }
        reading.elements(content, (index, part) -> {
            boolean isFile = part instanceof Json.Obj object && type(object).equals("input_file");
            reading.all(part, isFile ? Place.DOCUMENT : place, isNew);
        });
    }

    private static Place placeOf(Json.Obj item) {
        String type = type(item);
        if (type.equals("message") || type.isEmpty()) {
            return ChatMessages.placeOf(item);
        }
        if (type.equals("reasoning")) {
            return Place.REASONING;
        }
        if (type.endsWith("_output")) {
            return Place.TOOL_RESULT;
        }
        if (type.endsWith("_call")) {
            return Place.TOOL_ARGUMENTS;
        }
        return type.contains("tools") ? Place.TOOL_DEFINITION : Place.OTHER;
    }

    private static String type(Json.Obj item) {
        String type = item.string("type");
        return type == null ? "" : type;
    }
}
