package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Vectors that mean nothing, but are the same for the same text. */
final class SandboxEmbeddings {
    private static final int LENGTH = 16;
    private static final int CHARACTERS_PER_TOKEN = 4;

    private SandboxEmbeddings() {}

    /** OpenAI's embeddings (OpenAI API reference, Embeddings). */
    static JsonNode openAi(JsonNode body) {
        ObjectNode list = SandboxWire.object()
                .put("object", "list")
                .put("model", body.path("model").asText());
        ArrayNode items = list.putArray("data");
        JsonNode input = body.path("input");
        int count = input.isArray() ? input.size() : 1;
        int tokens = 0;
        for (int i = 0; i < count; i++) {
            String text = input.isArray() ? input.path(i).asText() : input.asText();
            tokens += tokens(text);
            ObjectNode item = items.addObject().put("object", "embedding").put("index", i);
            fill(item.putArray("embedding"), text);
        }
        list.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return list;
    }

    /** Gemini's embedContent (Gemini API reference, Embeddings). */
    static JsonNode gemini(SandboxCall call) {
        ObjectNode answer = SandboxWire.object();
        fill(answer.putObject("embedding").putArray("values"), call.prompt());
        answer.putObject("usageMetadata").put("promptTokenCount", tokens(call.prompt()));
        return answer;
    }

    private static int tokens(String text) {
        return Math.max(1, text.length() / CHARACTERS_PER_TOKEN);
    }

    private static void fill(ArrayNode numbers, String text) {
        int seed = Arrays.hashCode(text.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < LENGTH; i++) {
            numbers.add(Integer.rotateLeft(seed * (31 + 2 * i), i) / (double) Integer.MAX_VALUE);
        }
    }
}
