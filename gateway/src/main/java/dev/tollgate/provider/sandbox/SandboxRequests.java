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
                body.has("content") ? said(body.path("content").path("parts")) : last(body.path("contents"), "parts"),
                body,
                body.path("generationConfig").path("maxOutputTokens").asInt(0),
                text(declared.path(0).path("name")),
                streams);
    }

    /** The text of the last element, be it said or answered by a tool. */
    private static String last(JsonNode elements, String member) {
        JsonNode element = elements.path(elements.size() - 1);
        return said(element.has("output") ? element.path("output") : element.path(member));
    }

    // A string; a list of parts; a part with text, the content of a tool's result, or its response as JSON.
    private static String said(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            JsonNode response = part.path("functionResponse").path("response");
            if (response.isObject()) {
                text.append(response);
            } else {
                text.append(said(part.has("text") ? part.path("text") : part.path("content")));
            }
        }
        return text.toString();
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
