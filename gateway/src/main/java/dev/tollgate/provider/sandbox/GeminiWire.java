package dev.tollgate.provider.sandbox;

import static dev.tollgate.provider.sandbox.SandboxWire.data;
import static dev.tollgate.provider.sandbox.SandboxWire.object;
import static dev.tollgate.provider.sandbox.SandboxWire.pieces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gemini's generateContent (Gemini API reference, Generating content). */
final class GeminiWire implements SandboxWire {
    @Override
    public JsonNode whole(SandboxCall call) {
        return part(call, call.wantsTool() ? null : call.answer(), true);
    }

    @Override
    public List<String> events(SandboxCall call) {
        if (call.wantsTool()) {
            return List.of(data(whole(call)));
        }
        List<String> pieces = pieces(call.answer());
        List<String> events = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            events.add(data(part(call, pieces.get(i), i == pieces.size() - 1)));
        }
        return events;
    }

    @Override
    public JsonNode error(int status, String message) {
        ObjectNode error = object();
        error.putObject("error")
                .put("code", status)
                .put("message", message)
                .put("status", status >= 500 ? "UNAVAILABLE" : "INVALID_ARGUMENT");
        return error;
    }

    private static ObjectNode part(SandboxCall call, @Nullable String text, boolean isLast) {
        ObjectNode answer = object();
        ObjectNode candidate = answer.putArray("candidates").addObject();
        ObjectNode content = candidate.putObject("content");
        ObjectNode part = content.putArray("parts").addObject();
        content.put("role", "model");
        if (text == null) {
            part.putObject("functionCall")
                    .put("name", call.tool())
                    .putObject("args")
                    .put("input", "sandbox");
        } else {
            part.put("text", text);
        }
        if (isLast) {
            candidate.put("finishReason", call.isCut() && !call.wantsTool() ? "MAX_TOKENS" : "STOP");
        }
        candidate.put("index", 0);
        answer.putObject("usageMetadata")
                .put("promptTokenCount", call.inputTokens())
                .put("candidatesTokenCount", call.outputTokens())
                .put("totalTokenCount", call.inputTokens() + call.outputTokens());
        answer.put("modelVersion", call.model()).put("responseId", call.id(""));
        return answer;
    }
}
