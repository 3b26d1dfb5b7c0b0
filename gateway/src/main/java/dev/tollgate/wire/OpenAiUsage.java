package dev.tollgate.wire;

import static dev.tollgate.wire.UsageShapes.details;
import static dev.tollgate.wire.UsageShapes.tells;
import static dev.tollgate.wire.UsageShapes.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.value.Extras;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Usage as OpenAI and its many imitators tell it: totals, and details that are parts of them (OpenAI API reference, "The chat completion
 * object" and "The response object"). Where a provider's parts do not add up, the reading is the one in which every token is billed once.
 */
final class OpenAiUsage {
    private static final int NANOS_SCALE = 9;
    /** xAI tells its bill in ticks of 10⁻¹⁰ dollars (xAI API reference, "Usage"). */
    private static final int TICKS_SCALE = 10;

    private OpenAiUsage() {}

    static @Nullable Usage read(JsonNode usage) {
        NanoUsd cost = providerCost(usage);
        boolean told = tells(usage, "prompt_tokens", "completion_tokens", "input_tokens", "output_tokens");
        if (!told && !tells(usage, "total_tokens")) {
            return cost == null ? null : new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, cost, Usage.Source.REPORTED);
        }
        // Embeddings of some providers tell a total only.
        long prompt = told ? tokens(usage, "prompt_tokens", "input_tokens") : tokens(usage, "total_tokens");
        long completion = tokens(usage, "completion_tokens", "output_tokens");

        JsonNode in = details(usage, "prompt_tokens_details", "input_tokens_details", "input_token_details");
        long cacheRead = tells(in, "cached_tokens")
                ? tokens(in, "cached_tokens")
                : tokens(
                        usage,
                        "prompt_cache_hit_tokens",
                        "cached_tokens",
                        "num_cached_tokens",
                        "cache_read_input_tokens");
        long cacheWrite = tells(in, "cache_write_tokens", "cache_creation_tokens")
                ? tokens(in, "cache_write_tokens", "cache_creation_tokens")
                : tokens(usage, "cache_creation_input_tokens");
        long full = fullPrice(prompt, cacheRead, cacheWrite);
        JsonNode cachedParts = in.path("cached_tokens_details");
        long audioIn = Math.min(uncached(in, cachedParts, "audio_tokens"), full);
        long imageIn = Math.min(uncached(in, cachedParts, "image_tokens"), full - audioIn);

        long cached = full == prompt ? cacheRead + cacheWrite : 0;
        long rest = tokens(usage, "total_tokens") - prompt - completion - cached;
        Output output = output(usage, completion, rest);
        return new Usage(
                full - audioIn - imageIn,
                cacheRead,
                cacheWrite,
                0,
                output.text,
                output.reasoning,
                audioIn,
                output.audio,
                imageIn,
                output.image,
                cost,
                Usage.Source.REPORTED,
                extras(usage, in, cacheRead));
    }

    private static long uncached(JsonNode in, JsonNode cachedParts, String kind) {
        return Math.max(0, tokens(in, kind) - tokens(cachedParts, kind));
    }

    private static Extras extras(JsonNode usage, JsonNode in, long cacheRead) {
        JsonNode cached = in.path("cached_tokens_details");
        long audio = Math.min(cacheRead, tokens(cached, "audio_tokens"));
        long image = Math.min(cacheRead - audio, tokens(cached, "image_tokens"));
        long searches = Math.max(
                tokens(usage.path("server_tool_use"), "web_search_requests"), tokens(usage, "num_search_queries"));
        Extras cachedParts = Extras.cached(audio, image);
        return searches == 0
                ? cachedParts
                : cachedParts.and(new Extras(searches, 0, 0, 0, 0, 0, 0, 0, ServiceTier.STANDARD));
    }

    /** Tokens of the prompt that neither came from the cache nor went into it. */
    private static long fullPrice(long prompt, long cacheRead, long cacheWrite) {
        if (cacheRead + cacheWrite <= prompt) {
            return prompt - cacheRead - cacheWrite;
        }
        // The same tokens read and written at once (OpenRouter for Gemini); or more cached than went in altogether:
        // xAI's models at
        // Azure, which count the cache apart.
        long larger = Math.max(cacheRead, cacheWrite);
        return larger <= prompt ? prompt - larger : prompt;
    }

    private record Output(long text, long reasoning, long audio, long image) {}

    /**
     * @param rest tokens of the total that are neither in the prompt nor in the completion
     */
    private static Output output(JsonNode usage, long completion, long rest) {
        JsonNode out = details(usage, "completion_tokens_details", "output_tokens_details", "output_token_details");
        long reasoning =
                tells(out, "reasoning_tokens") ? tokens(out, "reasoning_tokens") : tokens(usage, "reasoning_tokens");
        // xAI and Gemini's imitation of this wire leave reasoning out of the completion; Gemini's does not even name
        // it.
        boolean totalTold = tells(usage, "total_tokens");
        boolean apart = totalTold ? rest > 0 && (reasoning == 0 || rest == reasoning) : reasoning > completion;
        reasoning = apart ? Math.max(reasoning, rest) : Math.min(reasoning, completion);
        long visible = apart ? completion : completion - reasoning;
        long audio = Math.min(tokens(out, "audio_tokens"), visible);
        long image = Math.min(tokens(out, "image_tokens"), visible - audio);
        return new Output(visible - audio - image, reasoning, audio, image);
    }

    /** The provider's own bill: OpenRouter's {@code cost}, Perplexity's {@code cost.total_cost}, xAI's ticks; null if there is none. */
    private static @Nullable NanoUsd providerCost(JsonNode usage) {
        JsonNode ticks = usage.path("cost_in_usd_ticks");
        // Resellers of xAI's models send 0 ticks, which is not their price.
        if (ticks.isNumber() && ticks.decimalValue().signum() > 0) {
            return nanos(ticks.decimalValue().movePointLeft(TICKS_SCALE));
        }
        JsonNode cost = usage.path("cost").isObject() ? usage.path("cost").path("total_cost") : usage.path("cost");
        if (!cost.isNumber() || cost.decimalValue().signum() < 0) {
            return null;
        }
        // With a key of one's own at OpenRouter, its cost is the fee alone and the model's vendor bills the rest.
        JsonNode upstream = usage.path("cost_details").path("upstream_inference_cost");
        boolean ownKey = usage.path("is_byok").asBoolean() && upstream.isNumber();
        return nanos(ownKey ? cost.decimalValue().add(upstream.decimalValue()) : cost.decimalValue());
    }

    private static NanoUsd nanos(BigDecimal dollars) {
        return new NanoUsd(dollars.movePointRight(NANOS_SCALE)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact());
    }
}
