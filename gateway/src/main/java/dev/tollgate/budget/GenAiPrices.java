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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads genai-prices' data (version 2): providers with models, match rules, tiers and dated prices, dollars per million tokens. */
final class GenAiPrices {
    private static final int NANO_DIGITS = 9;
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    /** Its providers, where ours are called otherwise. */
    private static final Map<String, String> PROVIDERS = Map.of(
            "aws", "bedrock",
            "google", "gemini",
            "moonshotai", "moonshot",
            "voyageai", "voyage",
            "x-ai", "xai");

    private static final Map<String, String> PRICES = Map.ofEntries(
            Map.entry("input_mtok", "input"),
            Map.entry("cache_read_mtok", "cache_read"),
            Map.entry("cache_write_mtok", "cache_write"),
            Map.entry("cache_write_5m_mtok", "cache_write"),
            Map.entry("cache_write_1h_mtok", "cache_write_1h"),
            Map.entry("output_mtok", "output"),
            Map.entry("output_reasoning_mtok", "reasoning"),
            Map.entry("input_audio_mtok", "audio_in"),
            Map.entry("output_audio_mtok", "audio_out"),
            Map.entry("input_image_mtok", "image_in"),
            Map.entry("output_image_mtok", "image_out"),
            Map.entry("cache_audio_read_mtok", "audio_cached"),
            Map.entry("cache_image_read_mtok", "image_cached"));
    private static final Map<String, String> PER_THOUSAND =
            Map.of("requests_kcount", "request", "web_searches_kcount", "search");
    private static final Map<String, String> MATCHES =
            Map.of("equals", "also", "starts_with", "prefix", "contains", "contains");

    private GenAiPrices() {}

    static boolean fits(JsonNode root) {
        return root.isArray()
                && !root.isEmpty()
                && root.get(0).has("models")
                && root.get(0).has("id");
    }

    static List<ObjectNode> lines(JsonNode root) {
        List<ObjectNode> lines = new ArrayList<>();
        for (JsonNode provider : root) {
            String theirs = provider.path("id").asText();
            for (JsonNode model : provider.path("models")) {
                String id = model.path("id").asText();
                boolean isVertex = theirs.equals("google") && id.contains("claude");
                ObjectNode line = line(isVertex ? "vertex" : PROVIDERS.getOrDefault(theirs, theirs), id, model);
                if (line != null) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    private static @Nullable ObjectNode line(String provider, String id, JsonNode model) {
        ObjectNode line =
                JsonNodeFactory.instance.objectNode().put("provider", provider).put("model", id);
        names(model.path("match"), id, line);
        JsonNode prices = model.path("prices");
        if (prices.isObject()) {
            line.setAll(prices(prices));
        } else if (!prices.isEmpty()) {
            dated(prices, line);
        }
        if (id.isBlank() || (!line.has("input") && !line.has("output"))) {
            return null;
        }
        for (String needed : List.of("input", "output")) {
            if (!line.has(needed)) {
                line.put(needed, 0);
            }
        }
        if (model.path("context_window").canConvertToLong()
                && model.path("context_window").asLong() > 0) {
            line.put("context", model.path("context_window").asLong());
        }
        return line.put("tokenizer", ForeignTokenizer.of(id));
    }

    /** Prices by day; of prices by the hour of the day the dearest, because a budget must hold at any hour. */
    private static void dated(JsonNode periods, ObjectNode line) {
        ArrayNode later = JsonNodeFactory.instance.arrayNode();
        ObjectNode first = prices(periods.get(0).path("prices"));
        for (int i = 1; i < periods.size(); i++) {
            JsonNode constraint = periods.get(i).path("constraint");
            ObjectNode prices = prices(periods.get(i).path("prices"));
            if (constraint.has("start_date")) {
                later.add(prices.put("from", constraint.path("start_date").asText()));
            } else if (price(prices, "output").compareTo(price(first, "output")) > 0) {
                first = prices;
            }
        }
        line.setAll(first);
        if (!later.isEmpty()) {
            line.set("later", later);
        }
    }

    private static BigDecimal price(ObjectNode prices, String name) {
        return prices.path(name).decimalValue();
    }

    private static void names(JsonNode match, String id, ObjectNode line) {
        JsonNode clauses = match.has("or")
                ? match.path("or")
                : JsonNodeFactory.instance.arrayNode().add(match);
        for (JsonNode clause : clauses) {
            MATCHES.forEach((theirs, ours) -> {
                String name = clause.path(theirs).asText("");
                if (!name.isBlank() && !(ours.equals("also") && name.equals(id))) {
                    line.withArray(ours).add(name);
                }
            });
        }
    }

    private static ObjectNode prices(JsonNode theirs) {
        ObjectNode prices = JsonNodeFactory.instance.objectNode();
        Map<Long, ObjectNode> tiers = new TreeMap<>();
        theirs.properties().forEach(price -> {
            JsonNode value = price.getValue();
            String ours = PRICES.get(price.getKey());
            if (ours != null) {
                JsonNode base = value.isObject() ? value.path("base") : value;
                prices.put(ours, tidy(base.decimalValue()));
                for (JsonNode tier : value.path("tiers")) {
                    tiers.computeIfAbsent(
                                    tier.path("start").asLong(),
                                    start -> JsonNodeFactory.instance
                                            .objectNode()
                                            .put("tokens", start))
                            .put(ours, tidy(tier.path("price").decimalValue()));
                }
            } else if (PER_THOUSAND.containsKey(price.getKey())) {
                prices.put(
                        PER_THOUSAND.get(price.getKey()),
                        tidy(value.decimalValue().divide(THOUSAND, NANO_DIGITS + 3, RoundingMode.HALF_EVEN)));
            }
        });
        if (!tiers.isEmpty()) {
            ArrayNode over = prices.putArray("over");
            tiers.values().forEach(over::add);
        }
        return prices;
    }

    private static BigDecimal tidy(BigDecimal dollars) {
        return dollars.setScale(NANO_DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    }
}
