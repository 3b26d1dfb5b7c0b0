package dev.tollgate.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tollgate.exchange.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request says, message by message, for people: who says what, which tools were called with what and what they answered. Reads every
 * wire whose conversation is an array of messages; what it does not know it names by its type. Decides nothing: stages read {@code Content}.
 */
public final class Transcript {
    private final List<Entry> entries = new ArrayList<>();
    /** Tools by the ids of their calls, so that an answer is told with the tool's name. */
    private final Map<String, String> called = new HashMap<>();

    private Transcript() {}

    /** What an entry is. */
    public enum Kind {
        TEXT,
        REASONING,
        TOOL_CALL,
        TOOL_RESULT,
        TOOLS_OFFERED,
        /** A picture, a sound, a document. */
        MEDIA
    }

    /**
     * One thing that is said.
     *
     * @param role {@code system}, {@code user}, {@code assistant}, {@code tool} or another word of the wire
     * @param name the tool, or the kind of medium; empty for texts
     * @param text what is said; arguments of a call as JSON, or as they are written where that is a text
     * @param start first byte of the message in the body
     * @param end one past its last
     */
    public record Entry(String role, Kind kind, String name, String text, int start, int end) {
        @Override
        public String toString() {
            return "Entry[" + role + " " + kind + ", redacted]";
        }
    }

    /** The conversation of a request, system prompt first, in its order. */
    public static List<Entry> of(Json.Obj body) {
        Transcript transcript = new Transcript();
        for (String name : List.of("system", "instructions", "systemInstruction", "system_instruction")) {
            transcript.said("system", body.get(name));
        }
        transcript.offered(body.get("tools"));
        for (String name : List.of("messages", "input", "contents")) {
            transcript.conversation(body.get(name));
        }
        return List.copyOf(transcript.entries);
    }

    private void conversation(@Nullable Json said) {
        switch (said) {
            case Json.Arr messages -> messages.elements().forEach(this::message);
            case Json.Str text -> add("user", Kind.TEXT, "", text.value(), text);
            case null, default -> {
                // No conversation: an embedding of numbers, or none at all.
            }
        }
    }

    private void message(Json message) {
        if (message instanceof Json.Str text) {
            add("user", Kind.TEXT, "", text.value(), text);
            return;
        }
        if (!(message instanceof Json.Obj object)) {
            return;
        }
        String type = word(object, "type");
        String role = word(object, "role");
        switch (type) {
            case "function_call", "custom_tool_call", "local_shell_call" ->
                call(
                        "assistant",
                        word(object, "call_id"),
                        object,
                        written(object, "arguments", "input", "action"),
                        object);
            case "function_call_output", "custom_tool_call_output", "local_shell_call_output" ->
                add("tool", Kind.TOOL_RESULT, tool(word(object, "call_id")), flat(object.get("output")), object);
            case "reasoning" -> add("assistant", Kind.REASONING, "", flat(object.get("summary")), object);
            default -> {
                String who =
                        role.isEmpty() ? (type.isEmpty() ? "user" : type) : role.equals("model") ? "assistant" : role;
                if (who.equals("tool") && object.get("content") != null) {
                    add(
                            "tool",
                            Kind.TOOL_RESULT,
                            tool(word(object, "tool_call_id")),
                            flat(object.get("content")),
                            object);
                } else {
                    text(object, "reasoning_content", who, Kind.REASONING);
                    within(who, object.get("content"), object);
                    within(who, object.get("parts"), object);
                    object.elements("tool_calls").forEach(call -> chatCall(call, object));
                }
            }
        }
    }

    private void said(String role, @Nullable Json said) {
        switch (said) {
            case null -> {
                // Nothing.
            }
            case Json.Obj object -> {
                within(role, object.get("parts"), object);
                within(role, object.get("content"), object);
            }
            default -> within(role, said, said);
        }
    }

    private void within(String role, @Nullable Json content, Json message) {
        switch (content) {
            case Json.Str text -> add(role, Kind.TEXT, "", text.value(), message);
            case Json.Arr parts -> parts.elements().forEach(part -> part(role, part, message));
            case Json.Obj part -> part(role, part, message);
            case null, default -> {
                // Nothing to read.
            }
        }
    }

    private void part(String role, Json part, Json message) {
        if (part instanceof Json.Str text) {
            add(role, Kind.TEXT, "", text.value(), message);
            return;
        }
        if (!(part instanceof Json.Obj object)) {
            return;
        }
        String type = word(object, "type");
        Json.Obj call = object.object("functionCall");
        Json.Obj answer = object.object("functionResponse");
        if (type.equals("tool_use") || type.equals("server_tool_use")) {
            call(role, word(object, "id"), object, written(object, "input"), message);
        } else if (type.endsWith("tool_result")) {
            add("tool", Kind.TOOL_RESULT, tool(word(object, "tool_use_id")), flat(object.get("content")), message);
        } else if (call != null) {
            add(role, Kind.TOOL_CALL, word(call, "name"), written(call, "args"), message);
        } else if (answer != null) {
            add("tool", Kind.TOOL_RESULT, word(answer, "name"), written(answer, "response"), message);
        } else if (type.equals("thinking")) {
            add(role, Kind.REASONING, "", word(object, "thinking"), message);
        } else if (object.string("text") != null) {
            add(role, object.isTrue("thought") ? Kind.REASONING : Kind.TEXT, "", word(object, "text"), message);
        } else {
            add(role, Kind.MEDIA, type.isEmpty() ? firstName(object) : type, "", message);
        }
    }

    private void chatCall(Json call, Json message) {
        if (!(call instanceof Json.Obj object)) {
            return;
        }
        Json.Obj function = object.object("function");
        if (function != null) {
            call("assistant", word(object, "id"), function, written(function, "arguments"), message);
        }
    }

    private void text(Json.Obj object, String name, String role, Kind kind) {
        String text = word(object, name);
        if (!text.isEmpty()) {
            add(role, kind, "", text, object);
        }
    }

    private void offered(@Nullable Json tools) {
        if (tools instanceof Json.Arr array && !array.elements().isEmpty()) {
            String names = array.elements().stream()
                    .flatMap(tool -> toolNames(tool).stream())
                    .collect(Collectors.joining(", "));
            add("system", Kind.TOOLS_OFFERED, Integer.toString(array.elements().size()), names, array);
        }
    }

    private static List<String> toolNames(Json tool) {
        if (!(tool instanceof Json.Obj object)) {
            return List.of();
        }
        Json.Obj function = object.object("function");
        String name = function == null ? word(object, "name") : word(function, "name");
        if (!name.isEmpty()) {
            return List.of(name);
        }
        List<String> declared = object.elements("functionDeclarations").stream()
                .flatMap(one -> toolNames(one).stream())
                .toList();
        return declared.isEmpty() ? List.of(word(object, "type")) : declared;
    }

    /** The name of the tool that was called under an id; the id where that is not told here. */
    private String tool(String id) {
        return called.getOrDefault(id, id);
    }

    /** @param named the object that names the tool */
    private void call(String role, String id, Json.Obj named, String arguments, Json message) {
        String name = word(named, "name");
        if (!id.isEmpty() && !name.isEmpty()) {
            called.put(id, name);
        }
        add(role, Kind.TOOL_CALL, name, arguments, message);
    }

    private void add(String role, Kind kind, String name, String text, Json message) {
        if (!text.isEmpty() || kind != Kind.TEXT) {
            entries.add(new Entry(role, kind, name, text, message.start(), message.end()));
        }
    }

    /** All texts of a value, one under the other. */
    private static String flat(@Nullable Json value) {
        return switch (value) {
            case Json.Str text -> text.value();
            case Json.Arr parts ->
                parts.elements().stream().map(Transcript::flat).collect(Collectors.joining("\n"));
            case Json.Obj object -> object.get("text") == null ? compact(object) : flat(object.get("text"));
            case null -> "";
            default -> compact(value);
        };
    }

    /** The first of these members that is there, as it is written. */
    private static String written(Json.Obj object, String... names) {
        for (String name : names) {
            Json value = object.get(name);
            if (value != null) {
                return value instanceof Json.Str text ? text.value() : compact(value, Transcript::escaped);
            }
        }
        return "";
    }

    private static String compact(Json value) {
        return compact(value, Transcript::quoted);
    }

    private static String compact(Json value, UnaryOperator<String> quote) {
        return switch (value) {
            case Json.Obj object ->
                object.members().entrySet().stream()
                        .map(member -> quote.apply(member.getKey()) + ": " + compact(member.getValue(), quote))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Json.Arr array ->
                array.elements().stream()
                        .map(element -> compact(element, quote))
                        .collect(Collectors.joining(", ", "[", "]"));
            case Json.Str text -> quote.apply(text.value());
            case Json.Num number -> number.literal();
            case Json.Bool bool -> Boolean.toString(bool.value());
            case Json.Null none -> "null";
        };
    }

    /** For reading, not for parsing: line breaks stay. */
    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /** As JSON: arguments are read again by who shows them. */
    private static String escaped(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static String firstName(Json.Obj object) {
        return object.members().keySet().stream().findFirst().orElse("part");
    }

    private static String word(Json.Obj object, String name) {
        String text = object.string(name);
        return text == null ? "" : text;
    }
}
