package dev.tollgate.provider.sandbox;

import static dev.tollgate.provider.sandbox.SandboxWire.event;
import static dev.tollgate.provider.sandbox.SandboxWire.object;
import static dev.tollgate.provider.sandbox.SandboxWire.pieces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's responses (OpenAI API reference, Responses and its streaming events). */
final class ResponsesWire implements SandboxWire {
    @Override
    public JsonNode whole(SandboxCall call) {
        ObjectNode answer = head(call, status(call));
        if (call.isCut()) {
            answer.putObject("incomplete_details").put("reason", "max_output_tokens");
        }
        answer.putArray("output").add(item(call, status(call), true));
        answer.set("usage", usage(call));
        return answer;
    }

    @Override
    public List<String> events(SandboxCall call) {
        Sequence events = new Sequence();
        ObjectNode begun = head(call, "in_progress");
        begun.putArray("output");
        begun.putNull("usage");
        events.add("response.created", object().set("response", begun));
        events.add("response.in_progress", object().set("response", begun));
        events.add(
                "response.output_item.added",
                object().put("output_index", 0).set("item", item(call, "in_progress", false)));
        if (call.wantsTool()) {
            tool(events, call);
        } else {
            text(events, call);
        }
        events.add(
                "response.output_item.done",
                object().put("output_index", 0).set("item", item(call, status(call), true)));
        events.add("response." + status(call), object().set("response", whole(call)));
        return events.all;
    }

    @Override
    public JsonNode error(int status, String message) {
        return new ChatWire(false).error(status, message);
    }

    private static String status(SandboxCall call) {
        return call.isCut() ? "incomplete" : "completed";
    }

    private static void text(Sequence events, SandboxCall call) {
        events.add(
                "response.content_part.added",
                place(call).put("content_index", 0).set("part", part("")));
        for (String piece : pieces(call.answer())) {
            events.add(
                    "response.output_text.delta",
                    place(call).put("content_index", 0).put("delta", piece));
        }
        events.add(
                "response.output_text.done", place(call).put("content_index", 0).put("text", call.answer()));
        events.add(
                "response.content_part.done",
                place(call).put("content_index", 0).set("part", part(call.answer())));
    }

    private static void tool(Sequence events, SandboxCall call) {
        String arguments = "{\"input\":\"sandbox\"}";
        events.add("response.function_call_arguments.delta", place(call).put("delta", arguments));
        events.add("response.function_call_arguments.done", place(call).put("arguments", arguments));
    }

    private static ObjectNode place(SandboxCall call) {
        return object().put("item_id", itemId(call)).put("output_index", 0);
    }

    private static String itemId(SandboxCall call) {
        return call.id(call.wantsTool() ? "fc_" : "msg_");
    }

    private static ObjectNode head(SandboxCall call, String status) {
        ObjectNode head = object().put("id", call.id("resp_"))
                .put("object", "response")
                .put("created_at", CREATED)
                .put("status", status)
                .put("model", call.model())
                .put("parallel_tool_calls", true)
                .put("tool_choice", "auto");
        head.putNull("error").putNull("incomplete_details").putNull("instructions");
        head.putArray("tools");
        head.putObject("metadata");
        return head;
    }

    private static ObjectNode item(SandboxCall call, String status, boolean isWhole) {
        ObjectNode item = object().put("id", itemId(call)).put("status", status);
        if (call.wantsTool()) {
            return item.put("type", "function_call")
                    .put("call_id", call.id("call_"))
                    .put("name", call.tool())
                    .put("arguments", isWhole ? "{\"input\":\"sandbox\"}" : "");
        }
        item.put("type", "message").put("role", "assistant");
        var content = item.putArray("content");
        if (isWhole) {
            content.add(part(call.answer()));
        }
        return item;
    }

    private static ObjectNode part(String text) {
        ObjectNode part = object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        return part;
    }

    private static ObjectNode usage(SandboxCall call) {
        ObjectNode usage = object().put("input_tokens", call.inputTokens())
                .put("output_tokens", call.outputTokens())
                .put("total_tokens", call.inputTokens() + call.outputTokens());
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return usage;
    }

    /** Events numbered as they are added. */
    private static final class Sequence {
        private final List<String> all = new ArrayList<>();

        void add(String type, JsonNode members) {
            ObjectNode event = object().put("type", type).put("sequence_number", all.size());
            event.setAll((ObjectNode) members);
            all.add(event(type, event));
        }
    }
}
