package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the texts of a Gemini request stand. */
final class GeminiContents {
    private GeminiContents() {}

    static void read(Reading reading, Json.Obj body) {
        boolean beforeAnswer = body.elements("contents").stream()
                .noneMatch(item -> item instanceof Json.Obj content && isFromModel(content));
        reading.members(body, Place.OTHER, true, (name, value) -> {
            switch (name) {
                case "contents" -> contents(reading, value);
                // Embeddings have one content, or requests of one each; counting may wrap the whole call.
                case "content" -> content(reading, value, true);
                case "generateContentRequest", "generate_content_request" -> wrapped(reading, value);
                case "requests" -> reading.elements(value, (index, request) -> wrapped(reading, request));
                case "systemInstruction", "system_instruction" -> reading.all(value, Place.SYSTEM, beforeAnswer);
                case "tools", "generationConfig", "generation_config" ->
                    reading.all(value, Place.TOOL_DEFINITION, beforeAnswer);
                case "labels" -> reading.all(value, Place.METADATA, true);
                default -> reading.all(value, Place.OTHER, true);
            }
        });
    }

    private static void wrapped(Reading reading, Json value) {
        if (value instanceof Json.Obj request) {
            read(reading, request);
        } else {
            reading.all(value, Place.OTHER, true);
        }
    }

    private static boolean isFromModel(Json.Obj content) {
        return "model".equals(content.string("role"));
    }

    private static void contents(Reading reading, Json value) {
        if (!(value instanceof Json.Arr array)) {
            content(reading, value, true);
            return;
        }
        List<Json> all = array.elements();
        int firstNew = Conversation.firstNew(all, GeminiContents::isFromModel);
        reading.elements(value, (index, content) -> content(reading, content, index >= firstNew));
    }

    private static void content(Reading reading, Json value, boolean isNew) {
        if (!(value instanceof Json.Obj content)) {
            reading.all(value, Place.USER, isNew);
            return;
        }
        Place speaker = placeOf(content.string("role"));
        reading.members(content, speaker, isNew, (name, member) -> {
            if (name.equals("parts") && member instanceof Json.Arr) {
                reading.elements(member, (index, part) -> part(reading, part, speaker, isNew));
            } else if (name.equals("parts")) {
                part(reading, member, speaker, isNew);
            } else {
                reading.all(member, speaker, isNew);
            }
        });
    }

    private static Place placeOf(@Nullable String role) {
        return switch (role == null ? "user" : role) {
            case "user" -> Place.USER;
            case "model" -> Place.ASSISTANT;
            case "function", "tool" -> Place.TOOL_RESULT;
            case "system" -> Place.SYSTEM;
            default -> Place.OTHER;
        };
    }

    private static void part(Reading reading, Json value, Place speaker, boolean isNew) {
        if (!(value instanceof Json.Obj part)) {
            reading.all(value, speaker, isNew);
            return;
        }
        Place said = part.isTrue("thought") ? Place.REASONING : speaker;
        reading.members(part, said, isNew, (name, member) -> {
            Place place = switch (name) {
                case "functionCall", "function_call", "executableCode", "executable_code", "toolCall" ->
                    Place.TOOL_ARGUMENTS;
                case "functionResponse",
                        "function_response",
                        "codeExecutionResult",
                        "code_execution_result",
                        "toolResponse" -> Place.TOOL_RESULT;
                case "inlineData", "inline_data", "fileData", "file_data" -> Place.DOCUMENT;
                case "thoughtSignature", "thought_signature" -> Place.REASONING;
                default -> said;
            };
            reading.all(member, place, isNew);
        });
    }
}
