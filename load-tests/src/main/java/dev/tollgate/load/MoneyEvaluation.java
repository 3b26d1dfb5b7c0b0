package dev.tollgate.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.Estimator.Precision;
import dev.tollgate.budget.ModelPrice;
import dev.tollgate.budget.PriceBook;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.value.ModelId;
import dev.tollgate.wire.Wire;
import dev.tollgate.wire.Wires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Compares the estimator with recorded calls: estimated input against the input that was billed. Usage: {@code MoneyEvaluation FOLDER}, with {@code dev.jsonl.gz} and {@code
 * expected-cost.dev.jsonl.gz} in it.
 */
public final class MoneyEvaluation {
    private final PriceBook prices;
    private final Instant at;
    private final Estimator estimator;
    private final Wires wires = new Wires();
    private final Map<String, JsonNode> recorded = new HashMap<>();
    private final Map<String, List<Double>> shares = new TreeMap<>();
    private final Map<String, Integer> unpriced = new TreeMap<>();
    private final List<String> below = new ArrayList<>();

    private MoneyEvaluation(PriceBook prices) {
        this.prices = prices;
        this.at = prices.date().atStartOfDay(ZoneOffset.UTC).toInstant();
        TokenCounter counter = new TokenCounter(Runnable::run, new Random(1));
        counter.load();
        this.estimator = new Estimator(counter);
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        try (InputStream in = PriceBook.class.getResourceAsStream("/policies/catalog/prices.yaml")) {
            MoneyEvaluation evaluation = new MoneyEvaluation(PriceBook.read("prices.yaml", in));
            for (JsonNode call : RecordedReplies.rows(folder.resolve("dev.jsonl.gz"))) {
                evaluation.recorded.put(call.path("id").asText(), call);
            }
            for (JsonNode row : RecordedReplies.rows(folder.resolve("expected-cost.dev.jsonl.gz"))) {
                if (row.has("usage")) {
                    evaluation.take(row);
                }
            }
            evaluation.print();
        }
    }

    private void take(JsonNode row) {
        Optional<ModelPrice> price = price(row);
        if (price.isEmpty()) {
            unpriced.merge(row.path("provider").asText() + " " + row.path("models"), 1, Integer::sum);
            return;
        }
        compareInput(row, price.get());
    }

    private Optional<ModelPrice> price(JsonNode row) {
        for (JsonNode model : row.path("models")) {
            Optional<ModelPrice> found =
                    prices.find(new ModelId(row.path("provider").asText(), model.asText()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private void compareInput(JsonNode row, ModelPrice price) {
        String body = recorded.getOrDefault(row.path("id").asText(), MissingNode.getInstance())
                .path("request")
                .path("body")
                .asText("");
        long billed = row.path("usage").path("input").asLong();
        if (body.isEmpty() || billed == 0) {
            return;
        }
        long estimated = estimator
                .worstCase(price, content(row, body), 1, at, Precision.EXACT)
                .inputTokens();
        shares.computeIfAbsent(price.tokenizer().name(), unused -> new ArrayList<>())
                .add(billed / (double) Math.max(1, estimated));
        if (billed > estimated) {
            below.add(
                    row.path("id").asText() + " " + price.model() + ": billed " + billed + ", estimated " + estimated);
        }
    }

    private Content content(JsonNode row, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String path = recorded.getOrDefault(row.path("id").asText(), MissingNode.getInstance())
                .path("path")
                .asText();
        try {
            Wire.Request request = new Wire.Request(
                    "POST", path, bytes, "application/json", "application/json", JsonReader.readObject(bytes));
            return new Content(
                    bytes,
                    "",
                    "application/json",
                    request.json(),
                    wires.forPath("POST", path).read(request));
        } catch (JsonReader.JsonRefused refused) {
            throw new IllegalArgumentException(row.path("id").asText(), refused);
        }
    }

    private void print() {
        System.out.println("without a price: "
                + unpriced.values().stream().mapToInt(Integer::intValue).sum());
        unpriced.forEach((model, count) -> System.out.println("  " + model + " × " + count));
        System.out.println("input billed as a share of the worst case, by tokenizer: median, 90 %, 99 %, most");
        shares.forEach((tokenizer, all) -> {
            all.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "  %s (%d): %.2f %.2f %.2f %.2f%n",
                    tokenizer,
                    all.size(),
                    all.get(all.size() / 2),
                    all.get(all.size() * 9 / 10),
                    all.get(all.size() * 99 / 100),
                    all.get(all.size() - 1));
        });
        System.out.println("billed above the worst case: " + below.size());
        below.forEach(line -> System.out.println("  " + line));
    }
}
