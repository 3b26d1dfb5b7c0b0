package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The strings of a reply, or of one event of a stream, that a client or its tools may read. Knows no wire: what carries on from event to event
 * is told by names that all wires share.
 */
public final class ReplyStrings {
    /** Members whose strings are continued in later events. */
    private static final Set<String> CONTINUED = Set.of(
            "content",
            "text",
            "reasoning_content",
            "reasoning",
            "thinking",
            "arguments",
            "partial_json",
            "delta",
            "refusal",
            "input",
            "transcript",
            "summary",
            "stringValue");
    /** Members that hold what the provider made for itself: names, ids, seals, padding. */
    private static final Set<String> MACHINES = Set.of(
            "id",
            "object",
            "model",
            "type",
            "role",
            "status",
            "system_fingerprint",
            "item_id",
            "response_id",
            "previous_response_id",
            "call_id",
            "tool_call_id",
            "tool_use_id",
            "toolUseId",
            "signature",
            "encrypted_content",
            "thoughtSignature",
            "thought_signature",
            "obfuscation",
            "p",
            "jsonPath",
            "responseId",
            "modelVersion",
            "service_tier",
            "finish_reason",
            "stop_reason",
            "stopReason",
            "finishReason");
    /** Numbers that tell choices, blocks and calls apart. */
    private static final List<String> INDEXES =
            List.of("index", "output_index", "content_index", "summary_index", "contentBlockIndex");
    /** Objects that hold arguments of tools, each of their strings whole. */
    private static final Set<String> ARGUMENTS = Set.of("args", "input", "arguments");
    /** Members between a block and its text that its beginning and its going on do not share. */
    private static final Set<String> BETWEEN = Set.of("delta", "content_block", "start");

    private static final String DONE = ".done";

    private final byte[] json;
    private final boolean isEvent;
    private final boolean mayGoOn;
    private final boolean areArguments;
    private final List<Said> said = new ArrayList<>();

    /**
     * A string.
     *
     * @param channel what it continues; empty for a string that stands alone
     * @param text decoded
     * @param start offset of its opening quote
     * @param end behind its closing quote
     * @param isJson whether what it says is JSON itself, or a piece of it
     */
    public record Said(String channel, String text, int start, int end, boolean isJson) {
        /** Bytes that it takes where it stands, without its quotes. */
        public int bytes() {
            return end - start - 2;
        }

        @Override
        public String toString() {
            return "Said[" + channel + ", redacted]";
        }
    }

    /**
     * What an event or a document says.
     *
     * @param said its strings, in their order
     * @param over texts that go on no more, each by what their channels begin with; null where none ends here
     */
    public record Strings(List<Said> said, @Nullable String over) {
        /** Says nothing. */
        public static final Strings NONE = new Strings(List.of(), null);

        public Strings {
            said = List.copyOf(said);
        }
    }

    private ReplyStrings(byte[] json, boolean isEvent, String type) {
        this.json = json;
        this.isEvent = isEvent;
        // OpenAI API reference, "Streaming events": what is no delta says something whole.
        this.mayGoOn = !type.startsWith("response.") || type.endsWith(".delta");
        this.areArguments = type.contains("arguments");
    }

    /**
     * @param isEvent whether its strings may go on in other events
     * @throws JsonRefused if it is not strict JSON
     */
    public static Strings of(byte[] json, boolean isEvent) throws JsonRefused {
        Json top = JsonReader.read(json);
        Json.Obj object = top instanceof Json.Obj is ? is : null;
        String type = object == null ? null : object.string("type");
        ReplyStrings strings = new ReplyStrings(json, isEvent, type == null ? "" : type);
        strings.read(top, "", "", "", true);
        return new Strings(strings.said, object == null || !isEvent ? null : over(object, type));
    }

    /** Anthropic API reference, "Streaming messages"; Amazon's, "ConverseStream"; OpenAI's, "Streaming events". */
    private static @Nullable String over(Json.Obj event, @Nullable String type) {
        boolean isEnd = type == null
                ? event.integer("contentBlockIndex") != null && event.get("delta") == null && event.get("start") == null
                : type.equals("content_block_stop") || (type.startsWith("response.") && type.endsWith(DONE));
        return isEnd ? indexes(event) + '|' : null;
    }

    /**
     * @param indexes what tells its block apart
     * @param path the members above it
     * @param goesOn whether its strings may be continued
     */
    private void read(Json value, String name, String indexes, String path, boolean goesOn) {
        switch (value) {
            case Json.Obj object -> {
                String inside = indexes + indexes(object);
                String below = object.isTrue("thought") ? path + ".thought" : path;
                boolean areArgumentsHere = !goesOn || ARGUMENTS.contains(name);
                int from = object.start() + 1;
                for (Map.Entry<String, Json> entry : object.members().entrySet()) {
                    String member = entry.getKey();
                    Json held = entry.getValue();
                    if (areArgumentsHere) {
                        name(member, from, held.start());
                    }
                    boolean isBetween = BETWEEN.contains(member) && !(held instanceof Json.Str);
                    read(held, member, inside, isBetween ? below : below + '.' + member, !areArgumentsHere);
                    from = held.end();
                }
            }
            case Json.Arr array -> array.elements().forEach(element -> read(element, name, indexes, path, goesOn));
            case Json.Str text -> {
                if (!text.value().isEmpty() && !MACHINES.contains(name)) {
                    boolean continues = isEvent && mayGoOn && goesOn && CONTINUED.contains(name);
                    said.add(new Said(
                            continues ? indexes + '|' + path : "",
                            text.value(),
                            text.start(),
                            text.end(),
                            isJson(name, path)));
                }
            }
            case Json.Num number -> {}
            case Json.Bool bool -> {}
            case Json.Null none -> {}
        }
    }

    /** Models choose the names of members in arguments as they do the values. Between the value before and this one stands nothing else. */
    private void name(String name, int from, int to) {
        if (Structure.isToken(name)) {
            return;
        }
        int start = from;
        while (json[start] != '"') {
            start++;
        }
        int end = to;
        while (json[end - 1] != '"') {
            end--;
        }
        said.add(new Said("", name, start, end, false));
    }

    private boolean isJson(String name, String path) {
        return switch (name) {
            case "arguments", "partial_json" -> true;
            case "delta" -> areArguments;
            case "input" -> path.endsWith(".toolUse.input");
            default -> false;
        };
    }

    private static String indexes(Json.Obj object) {
        StringBuilder indexes = new StringBuilder();
        for (String name : INDEXES) {
            Long index = object.integer(name);
            if (index != null) {
                indexes.append('#').append(index);
            }
        }
        String path = object.string("jsonPath");
        return path == null ? indexes.toString() : indexes.append(path).toString();
    }
}
