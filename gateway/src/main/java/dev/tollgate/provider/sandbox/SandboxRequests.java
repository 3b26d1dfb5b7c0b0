package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads what each wire asks of a sandbox model. */
final class SandboxRequests {
    private SandboxRequests() {}

    static SandboxCall chat(JsonNode body) {
        int most = Math.max(
                body.path("max_completion_tokens").asInt(0),
                body.path("max_tokens").asInt(0));
        String tool = text(body.path("tools").path(0).path("function").path("name"));
        return SandboxCall.of(
                body.path("model").asText(),
                last(body.path("messages"), "content"),
                body,
                most,
                tool,
                body.path("stream").asBoolean());
    }

    static SandboxCall responses(JsonNode body) {
        JsonNode input = body.path("input");
        String prompt = input.isTextual() ? input.asText() : last(input, "content");
        return SandboxCall.of(
                body.path("model").asText(),
                prompt,
                body,
                body.path("max_output_tokens").asInt(0),
                text(body.path("tools").path(0).path("name")),
                body.path("stream").asBoolean());
    }

    static SandboxCall messages(JsonNode body) {
        return SandboxCall.of(
                body.path("model").asText(),
                last(body.path("messages"), "content"),
                body,
                body.path("max_tokens").asInt(0),
                text(body.path("tools").path(0).path("name")),
                body.path("stream").asBoolean());
    }

    static SandboxCall gemini(JsonNode body, String model, boolean streams) {
        JsonNode tool = body.path("tools").path(0);
        JsonNode declared = tool.has("functionDeclarations")
                ? tool.path("functionDeclarations")
                : tool.path("function_declarations");
        return SandboxCall.of(
                model,
                last(body.path("contents"), "parts"),
                body,
                body.path("generationConfig").path("maxOutputTokens").asInt(0),
                text(declared.path(0).path("name")),
                streams);
    }

    /** The text of the last element: a string, or the text parts of a list. */
    private static String last(JsonNode elements, String member) {
        JsonNode content = elements.path(elements.size() - 1).path(member);
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            JsonNode said = part.has("text") ? part.path("text") : part.path("content");
            text.append(said.asText(""));
        }
        return text.toString();
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
