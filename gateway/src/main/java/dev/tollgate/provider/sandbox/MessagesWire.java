package dev.tollgate.provider.sandbox;

import static dev.tollgate.provider.sandbox.SandboxWire.event;
import static dev.tollgate.provider.sandbox.SandboxWire.object;
import static dev.tollgate.provider.sandbox.SandboxWire.pieces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's messages (Anthropic API reference, Messages and their streaming). */
final class MessagesWire implements SandboxWire {
    @Override
    public JsonNode whole(SandboxCall call) {
        ObjectNode answer = head(call);
        ObjectNode block = answer.putArray("content").addObject();
        if (call.wantsTool()) {
            block.put("type", "tool_use").put("id", call.id("toolu_")).put("name", call.tool());
            block.putObject("input").put("input", "sandbox");
        } else {
            block.put("type", "text").put("text", call.answer());
        }
        answer.put("stop_reason", reason(call)).putNull("stop_sequence");
        answer.set("usage", usage(call, call.outputTokens()));
        return answer;
    }

    @Override
    public List<String> events(SandboxCall call) {
        List<String> events = new ArrayList<>();
        ObjectNode message = head(call);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", usage(call, 1));
        events.add(typed("message_start", object().set("message", message)));
        ObjectNode block = call.wantsTool()
                ? object().put("type", "tool_use").put("id", call.id("toolu_")).put("name", call.tool())
                : object().put("type", "text").put("text", "");
        if (call.wantsTool()) {
            block.putObject("input");
        }
        events.add(typed("content_block_start", object().put("index", 0).set("content_block", block)));
        events.add(typed("ping", object()));
        if (call.wantsTool()) {
            events.add(delta(object().put("type", "input_json_delta").put("partial_json", "{\"input\":\"sandbox\"}")));
        } else {
            pieces(call.answer())
                    .forEach(piece ->
                            events.add(delta(object().put("type", "text_delta").put("text", piece))));
        }
        events.add(typed("content_block_stop", object().put("index", 0)));
        ObjectNode end = object();
        end.putObject("delta").put("stop_reason", reason(call)).putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", call.outputTokens());
        events.add(typed("message_delta", end));
        events.add(typed("message_stop", object()));
        return events;
    }

    @Override
    public JsonNode error(int status, String message) {
        ObjectNode error = object().put("type", "error");
        error.putObject("error")
                .put("type", status >= 500 ? "api_error" : "invalid_request_error")
                .put("message", message);
        return error;
    }

    private static String typed(String type, JsonNode members) {
        ObjectNode event = object().put("type", type);
        event.setAll((ObjectNode) members);
        return event(type, event);
    }

    private static String delta(ObjectNode delta) {
        return typed("content_block_delta", object().put("index", 0).set("delta", delta));
    }

    private static ObjectNode head(SandboxCall call) {
        return object().put("id", call.id("msg_"))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", call.model());
    }

    private static String reason(SandboxCall call) {
        if (call.wantsTool()) {
            return "tool_use";
        }
        return call.isCut() ? "max_tokens" : "end_turn";
    }

    private static ObjectNode usage(SandboxCall call, int output) {
        return object().put("input_tokens", call.inputTokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", output);
    }
}
