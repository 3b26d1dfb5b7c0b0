package dev.tollgate.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads LiteLLM's table ({@code model_prices_and_context_window.json}): one object per model, dollars per token. */
final class LiteLlmPrices {
    private static final int NANO_DIGITS = 9;
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    /** Its providers, where ours are called otherwise. */
    private static final Map<String, String> PROVIDERS = Map.ofEntries(
            Map.entry("azure_ai", "azure"),
            Map.entry("azure_text", "azure"),
            Map.entry("bedrock_converse", "bedrock"),
            Map.entry("bedrock_mantle", "bedrock"),
            Map.entry("codestral", "mistral"),
            Map.entry("cohere_chat", "cohere"),
            Map.entry("fireworks_ai", "fireworks"),
            Map.entry("fireworks_ai-embedding-models", "fireworks"),
            Map.entry("jina_ai", "jina"),
            Map.entry("lambda_ai", "lambda"),
            Map.entry("nvidia_nim", "nvidia"),
            Map.entry("text-completion-openai", "openai"),
            Map.entry("together_ai", "together"));

    private static final Map<String, String> TOKENS = Map.of(
            "input_cost_per_token", "input",
            "cache_read_input_token_cost", "cache_read",
            "cache_creation_input_token_cost", "cache_write",
            "cache_creation_input_token_cost_above_1hr", "cache_write_1h",
            "output_cost_per_token", "output",
            "output_cost_per_reasoning_token", "reasoning",
            "input_cost_per_audio_token", "audio_in",
            "output_cost_per_audio_token", "audio_out",
            "input_cost_per_image_token", "image_in",
            "output_cost_per_image_token", "image_out");
    private static final int[] BOUNDS = {128, 200, 256, 272, 512};
    private static final Map<String, String> TERMS =
            Map.of("_flex", "flex", "_priority", "priority", "_batches", "batch");
    private static final Set<String> EMBEDDING = Set.of("embedding", "rerank");

    private LiteLlmPrices() {}

    static boolean fits(JsonNode root) {
        if (root.isObject()) {
            for (JsonNode row : root) {
                if (row.has("litellm_provider")) {
                    return true;
                }
            }
        }
        return false;
    }

    static List<ObjectNode> lines(JsonNode root) {
        List<ObjectNode> lines = new ArrayList<>();
        root.properties().forEach(row -> {
            ObjectNode line = line(row.getKey(), row.getValue());
            if (line != null) {
                lines.add(line);
            }
        });
        return lines;
    }

    private static @Nullable ObjectNode line(String key, JsonNode row) {
        String theirs = row.path("litellm_provider").asText("");
        String provider = theirs.startsWith("vertex_ai") ? "vertex" : PROVIDERS.getOrDefault(theirs, theirs);
        String model = key;
        for (String prefix : List.of(theirs, provider, "azure_ai", "vertex_ai")) {
            model = model.startsWith(prefix + "/") ? model.substring(prefix.length() + 1) : model;
        }
        // A name with a blank or a size is no model; "sample_spec" explains the table.
        if (theirs.isEmpty() || model.contains(" ") || model.contains("-x-") || key.equals("sample_spec")) {
            return null;
        }
        ObjectNode line =
                JsonNodeFactory.instance.objectNode().put("provider", provider).put("model", model);
        line.setAll(tokens(row, ""));
        pieces(row, line);
        if (!isPriced(line)) {
            return null; // "free" in that table is mostly "not known"
        }
        zeroIfMissing(line, "input");
        zeroIfMissing(line, "output");
        TERMS.forEach((suffix, ours) -> {
            ObjectNode terms = tokens(row, suffix);
            if (terms.has("input") && terms.has("output")) {
                line.set(ours, terms);
            }
        });
        count(row, "max_input_tokens", line, "context");
        count(row, "max_output_tokens", line, "max_output");
        if (EMBEDDING.contains(row.path("mode").asText())) {
            line.remove("max_output");
            line.put("kind", "embedding");
        }
        return line.put("tokenizer", ForeignTokenizer.of(model));
    }

    private static ObjectNode tokens(JsonNode row, String suffix) {
        ObjectNode prices = JsonNodeFactory.instance.objectNode();
        TOKENS.forEach((theirs, ours) -> put(row, theirs + suffix, MILLION, prices, ours));
        ArrayNode over = JsonNodeFactory.instance.arrayNode();
        for (int bound : BOUNDS) {
            ObjectNode above = JsonNodeFactory.instance.objectNode();
            TOKENS.forEach(
                    (theirs, ours) -> put(row, theirs + "_above_" + bound + "k_tokens" + suffix, MILLION, above, ours));
            if (!above.isEmpty()) {
                over.add(above.put("tokens", bound * 1_000L));
            }
        }
        if (!over.isEmpty()) {
            prices.set("over", over);
        }
        return prices;
    }

    private static void pieces(JsonNode row, ObjectNode line) {
        if (!line.has("image_out")) {
            put(row, "output_cost_per_image", BigDecimal.ONE, line, "image");
        }
        put(row, "input_cost_per_second", BigDecimal.ONE, line, "second");
        put(row, "input_cost_per_character", MILLION, line, "character");
        JsonNode search = row.path("search_context_cost_per_query");
        boolean isPerCall = line.path("provider").asText().matches("gemini|vertex")
                && !row.path("web_search_billing_unit").asText().equals("per_query");
        put(search, "search_context_size_medium", BigDecimal.ONE, line, isPerCall ? "search_call" : "search");
    }

    private static void put(JsonNode row, String theirs, BigDecimal times, ObjectNode line, String ours) {
        JsonNode value = row.path(theirs);
        boolean isUnknownCache = ours.startsWith("cache")
                && value.isNumber()
                && value.decimalValue().signum() == 0;
        if (value.isNumber() && !isUnknownCache) {
            line.put(
                    ours,
                    value.decimalValue()
                            .multiply(times)
                            .setScale(NANO_DIGITS, RoundingMode.HALF_EVEN)
                            .stripTrailingZeros());
        }
    }

    private static void count(JsonNode row, String theirs, ObjectNode line, String ours) {
        if (row.path(theirs).canConvertToLong() && row.path(theirs).asLong() > 0) {
            line.put(ours, row.path(theirs).asLong());
        }
    }

    private static void zeroIfMissing(ObjectNode line, String price) {
        if (!line.has(price)) {
            line.put(price, 0);
        }
    }

    private static boolean isPriced(ObjectNode line) {
        for (String price : List.of("input", "output", "image_out", "audio_out", "image", "second", "character")) {
            if (line.path(price).decimalValue().signum() > 0) {
                return true;
            }
        }
        return false;
    }
}
