package dev.tollgate.provider.sandbox;

import static dev.tollgate.provider.sandbox.SandboxWire.data;
import static dev.tollgate.provider.sandbox.SandboxWire.object;
import static dev.tollgate.provider.sandbox.SandboxWire.pieces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions (OpenAI API reference, Chat). */
final class ChatWire implements SandboxWire {
    private final boolean tellsUsage;

    /**
     * @param tellsUsage whether a stream ends with a chunk of usage ({@code stream_options.include_usage})
     */
    ChatWire(boolean tellsUsage) {
        this.tellsUsage = tellsUsage;
    }

    @Override
    public JsonNode whole(SandboxCall call) {
        ObjectNode answer = head(call, "chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        if (call.wantsTool()) {
            message.putNull("content");
            toolCall(message.putArray("tool_calls").addObject(), call);
        } else {
            message.put("content", call.answer()).putNull("refusal");
        }
        choice.put("finish_reason", reason(call)).putNull("logprobs");
        answer.set("usage", usage(call));
        return answer;
    }

    @Override
    public List<String> events(SandboxCall call) {
        List<String> events = new ArrayList<>();
        ObjectNode first = object().put("role", "assistant");
        events.add(chunk(call, call.wantsTool() ? first.putNull("content") : first.put("content", ""), null));
        if (call.wantsTool()) {
            ObjectNode delta = object();
            toolCall(delta.putArray("tool_calls").addObject().put("index", 0), call);
            events.add(chunk(call, delta, null));
        } else {
            pieces(call.answer()).forEach(piece -> events.add(chunk(call, object().put("content", piece), null)));
        }
        events.add(chunk(call, object(), reason(call)));
        if (tellsUsage) {
            ObjectNode last = head(call, "chat.completion.chunk");
            last.putArray("choices");
            last.set("usage", usage(call));
            events.add(data(last));
        }
        events.add("data: [DONE]\n\n");
        return events;
    }

    @Override
    public JsonNode error(int status, String message) {
        ObjectNode error = object();
        error.putObject("error")
                .put("message", message)
                .put("type", status >= 500 ? "server_error" : "invalid_request_error")
                .putNull("param")
                .put("code", "sandbox_" + status);
        return error;
    }

    private static ObjectNode head(SandboxCall call, String kind) {
        return object().put("id", call.id("chatcmpl-"))
                .put("object", kind)
                .put("created", CREATED)
                .put("model", call.model())
                .put("system_fingerprint", "fp_sandbox");
    }

    private static String chunk(SandboxCall call, ObjectNode delta, @Nullable String reason) {
        ObjectNode chunk = head(call, "chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", reason);
        return data(chunk);
    }

    private static void toolCall(ObjectNode to, SandboxCall call) {
        to.put("id", call.id("call_")).put("type", "function");
        to.putObject("function").put("name", call.tool()).put("arguments", "{\"input\":\"sandbox\"}");
    }

    private static String reason(SandboxCall call) {
        if (call.wantsTool()) {
            return "tool_calls";
        }
        return call.isCut() ? "length" : "stop";
    }

    private static ObjectNode usage(SandboxCall call) {
        ObjectNode usage = object().put("prompt_tokens", call.inputTokens())
                .put("completion_tokens", call.outputTokens())
                .put("total_tokens", call.inputTokens() + call.outputTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        return usage;
    }
}
