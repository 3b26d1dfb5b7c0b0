package dev.tollgate.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.value.Extras;
import dev.tollgate.value.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Tells the shapes apart in which providers report usage, and reads small things out of them. */
final class UsageShapes {
    private UsageShapes() {}

    /** The usage that an object tells; null if it is in no known shape or tells no tokens and no cost. */
    static @Nullable Usage read(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        try {
            if (node.has("promptTokenCount") || node.has("candidatesTokenCount") || node.has("totalTokenCount")) {
                return GeminiUsage.read(node);
            }
            if (node.has("billed_units") || node.has("inputTokens") || node.has("inputTokenCount")) {
                return OtherUsage.read(node);
            }
            if (node.path("type").asText().equals("duration")) {
                return Usage.of(0, 0, Usage.Source.REPORTED).with(Extras.ofSeconds(tokens(node, "seconds")));
            }
            boolean anthropic = node.has("cache_read_input_tokens") || node.has("cache_creation_input_tokens");
            return anthropic && !node.has("prompt_tokens") && !node.has("input_tokens_details")
                    ? AnthropicUsage.read(node)
                    : OpenAiUsage.read(node);
        } catch (ArithmeticException | IllegalArgumentException absurd) {
            // Numbers beyond a long: nothing that could be billed.
            return null;
        }
    }

    /** The one that counts of two tellings: the later, unless it tells nothing and the earlier something. */
    static @Nullable Usage later(@Nullable Usage earlier, @Nullable Usage later) {
        if (later == null) {
            return earlier;
        }
        boolean empty = later.totalInput() + later.totalOutput() == 0
                && later.providerCost() == null
                && later.extras().equals(Extras.NONE);
        return empty && earlier != null ? earlier : later;
    }

    /**
     * The larger of two running totals, for wires that spread them over events (Anthropic's). The event that tells a total may leave out
     * how it is made up: the parts are then those told before.
     */
    static @Nullable Usage larger(@Nullable Usage one, @Nullable Usage other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        long longLived = Math.max(one.cacheWriteLong(), other.cacheWriteLong());
        long written = Math.max(one.cacheWrite() + one.cacheWriteLong(), other.cacheWrite() + other.cacheWriteLong());
        long reasoning = Math.max(one.reasoning(), other.reasoning());
        long output = Math.max(one.output() + one.reasoning(), other.output() + other.reasoning());
        return new Usage(
                Math.max(one.input(), other.input()),
                Math.max(one.cacheRead(), other.cacheRead()),
                written - longLived,
                longLived,
                output - reasoning,
                reasoning,
                Math.max(one.audioInput(), other.audioInput()),
                Math.max(one.audioOutput(), other.audioOutput()),
                Math.max(one.imageInput(), other.imageInput()),
                Math.max(one.imageOutput(), other.imageOutput()),
                other.providerCost() == null ? one.providerCost() : other.providerCost(),
                Usage.Source.REPORTED,
                one.extras().and(other.extras()));
    }

    /** The first of the members that is a number, as tokens ≥ 0; 0 if none is. */
    static long tokens(JsonNode node, String... members) {
        for (String member : members) {
            JsonNode value = node.path(member);
            if (value.isNumber()) {
                return tokens(value);
            }
        }
        return 0;
    }

    static boolean tells(JsonNode node, String... members) {
        for (String member : members) {
            if (node.path(member).isNumber()) {
                return true;
            }
        }
        return false;
    }

    /** The first of the members that is an object, else a missing node. */
    static JsonNode details(JsonNode node, String... members) {
        for (String member : members) {
            if (node.path(member).isObject()) {
                return node.path(member);
            }
        }
        return node.path("\0missing");
    }

    // Some providers write whole numbers as 12.0. Parts of tokens are rounded up, against the caller.
    static long tokens(JsonNode number) {
        if (number.isIntegralNumber() && number.canConvertToLong()) {
            return Math.max(0, number.longValue());
        }
        BigDecimal value = number.decimalValue();
        return value.signum() <= 0 ? 0 : value.setScale(0, RoundingMode.CEILING).longValueExact();
    }
}
