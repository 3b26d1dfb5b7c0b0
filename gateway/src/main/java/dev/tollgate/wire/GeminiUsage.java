package dev.tollgate.wire;

import static dev.tollgate.wire.UsageShapes.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;

/**
 * Usage as Gemini tells it: the prompt includes what came from the cache, thoughts and the prompts of built-in tools stand apart, and
 * details say how much of each was sound or image (Gemini API reference, "UsageMetadata").
 */
final class GeminiUsage {
    private GeminiUsage() {}

    static Usage read(JsonNode usage) {
        long prompt = tokens(usage, "promptTokenCount");
        long cached = tokens(usage, "cachedContentTokenCount");
        long full = Math.max(0, prompt - cached);
        JsonNode prompts = usage.path("promptTokensDetails");
        JsonNode cacheParts = usage.path("cacheTokensDetails");
        long audioIn = Math.min(full, Math.max(0, part(prompts, "AUDIO") - part(cacheParts, "AUDIO")));
        long imageIn = Math.min(full - audioIn, Math.max(0, part(prompts, "IMAGE") - part(cacheParts, "IMAGE")));
        long output = tokens(usage, "candidatesTokenCount", "responseTokenCount");
        JsonNode candidates = usage.path("candidatesTokensDetails");
        long audioOut = Math.min(output, part(candidates, "AUDIO"));
        long imageOut = Math.min(output - audioOut, part(candidates, "IMAGE"));
        return new Usage(
                full - audioIn - imageIn + tokens(usage, "toolUsePromptTokenCount"),
                cached,
                0,
                0,
                output - audioOut - imageOut,
                tokens(usage, "thoughtsTokenCount"),
                audioIn,
                audioOut,
                imageIn,
                imageOut,
                null,
                Usage.Source.REPORTED,
                extras(usage, cached, cacheParts));
    }

    private static Extras extras(JsonNode usage, long cached, JsonNode cacheParts) {
        long audio = Math.min(cached, part(cacheParts, "AUDIO"));
        long image = Math.min(cached - audio, part(cacheParts, "IMAGE"));
        // Vertex AI's "trafficType"; the Gemini API's "serviceTier".
        String terms = usage.path(usage.has("trafficType") ? "trafficType" : "serviceTier")
                .asText();
        return Extras.cached(audio, image).on(ServiceTier.of(terms));
    }

    private static long part(JsonNode details, String modality) {
        long sum = 0;
        for (JsonNode detail : details) {
            if (detail.path("modality").asText().equals(modality)) {
                sum += tokens(detail, "tokenCount");
            }
        }
        return sum;
    }
}
