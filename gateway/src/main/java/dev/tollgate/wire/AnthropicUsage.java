package dev.tollgate.wire;

import static dev.tollgate.wire.UsageShapes.tells;
import static dev.tollgate.wire.UsageShapes.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;

/** Usage as Anthropic tells it: input without what was read from or written to the cache (Anthropic docs, "Prompt caching"). */
final class AnthropicUsage {
    private AnthropicUsage() {}

    static Usage read(JsonNode usage) {
        JsonNode creation = usage.path("cache_creation");
        long written = tokens(usage, "cache_creation_input_tokens");
        long longLived = tokens(creation, "ephemeral_1h_input_tokens");
        long shortLived = tells(creation, "ephemeral_5m_input_tokens")
                ? tokens(creation, "ephemeral_5m_input_tokens")
                : Math.max(0, written - longLived);
        long output = tokens(usage, "output_tokens");
        long reasoning =
                Math.min(output, tokens(usage.path("output_tokens_details"), "thinking_tokens", "reasoning_tokens"));
        return new Usage(
                tokens(usage, "input_tokens"),
                tokens(usage, "cache_read_input_tokens"),
                shortLived,
                longLived,
                output - reasoning,
                reasoning,
                0,
                0,
                0,
                0,
                null,
                Usage.Source.REPORTED,
                extras(usage));
    }

    /** Tools that Anthropic runs, and its terms: a fast model is still at the standard tier (Anthropic API reference, "Usage"). */
    private static Extras extras(JsonNode usage) {
        long searches = tokens(usage.path("server_tool_use"), "web_search_requests");
        ServiceTier speed = ServiceTier.of(usage.path("speed").asText());
        ServiceTier tier = speed == ServiceTier.FAST
                ? speed
                : ServiceTier.of(usage.path("service_tier").asText());
        return searches == 0 && tier == ServiceTier.STANDARD
                ? Extras.NONE
                : new Extras(searches, 0, 0, 0, 0, 0, 0, 0, tier);
    }
}
