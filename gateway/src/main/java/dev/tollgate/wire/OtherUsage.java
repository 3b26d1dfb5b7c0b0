package dev.tollgate.wire;

import static dev.tollgate.wire.UsageShapes.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.value.Usage;

/** Usage as Cohere ({@code billed_units}) and Bedrock (camel case, cache apart from input) tell it. */
final class OtherUsage {
    private OtherUsage() {}

    static Usage read(JsonNode usage) {
        JsonNode billed = usage.path("billed_units");
        if (billed.isObject()) {
            return Usage.of(tokens(billed, "input_tokens"), tokens(billed, "output_tokens"), Usage.Source.REPORTED);
        }
        return new Usage(
                tokens(usage, "inputTokens", "inputTokenCount"),
                tokens(usage, "cacheReadInputTokens", "cacheReadInputTokenCount"),
                tokens(usage, "cacheWriteInputTokens", "cacheWriteInputTokenCount"),
                0,
                tokens(usage, "outputTokens", "outputTokenCount"),
                0,
                0,
                0,
                0,
                0,
                null,
                Usage.Source.REPORTED);
    }
}
