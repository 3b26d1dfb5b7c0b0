package dev.tollgate.wire;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
            "summary");
    /** Members that hold what the provider made for itself: names, ids, seals. */
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
            "signature",
            "encrypted_content",
            "thoughtSignature",
            "thought_signature",
            "obfuscation",
            "responseId",
            "modelVersion",
            "service_tier",
            "finish_reason",
            "stop_reason",
            "finishReason");
    /** Numbers that tell choices, blocks and calls apart. */
    private static final List<String> INDEXES = List.of("index", "output_index", "content_index", "summary_index");

    private final boolean isEvent;
    private final List<Said> said = new ArrayList<>();

    /**
     * A string.
     *
     * @param channel what it continues; empty for a string that stands alone
     * @param text decoded
     * @param start offset of its opening quote
     * @param end behind its closing quote
     */
    public record Said(String channel, String text, int start, int end) {
        @Override
        public String toString() {
            return "Said[" + channel + ", redacted]";
        }
    }

    private ReplyStrings(boolean isEvent) {
        this.isEvent = isEvent;
    }

    /**
     * @param isEvent whether its strings may go on in other events
     * @throws JsonRefused if it is not strict JSON
     */
    public static List<Said> of(byte[] json, boolean isEvent) throws JsonRefused {
        ReplyStrings strings = new ReplyStrings(isEvent);
        strings.read(JsonReader.read(json), "", "");
        return strings.said;
    }

    private void read(Json value, String name, String channel) {
        switch (value) {
            case Json.Obj object -> {
                String inside = channel + indexes(object);
                object.members().forEach((member, held) -> read(held, member, inside + '.' + member));
            }
            case Json.Arr array -> array.elements().forEach(element -> read(element, name, channel));
            case Json.Str text -> {
                if (!text.value().isEmpty() && !MACHINES.contains(name)) {
                    String continued = isEvent && CONTINUED.contains(name) ? channel : "";
                    said.add(new Said(continued, text.value(), text.start(), text.end()));
                }
            }
            case Json.Num number -> {}
            case Json.Bool bool -> {}
            case Json.Null none -> {}
        }
    }

    private static String indexes(Json.Obj object) {
        StringBuilder indexes = new StringBuilder();
        for (String name : INDEXES) {
            Long index = object.integer(name);
            if (index != null) {
                indexes.append('#').append(index);
            }
        }
        return indexes.toString();
    }
}
