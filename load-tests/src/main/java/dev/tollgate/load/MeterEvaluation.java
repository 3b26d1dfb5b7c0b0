package dev.tollgate.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.ModelPrice;
import dev.tollgate.budget.PriceBook;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.budget.Tokenizer;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Text;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.RelayedText;
import dev.tollgate.wire.ReplyMeter;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Meters recorded replies and compares with the usage noted beside each, then prices that usage and compares with the expected cost. Prints
 * counts and every difference, and ends with 1 if one is not explained in the document.
 */
public final class MeterEvaluation {
    /** Fewer tokens than these say little of how well they are counted. */
    private static final int LEAST_TOLD = 20;

    private static final int[] CHUNK_SIZES = {1, 7, 1024, 65536};
    private static final List<String> TOLD = List.of(
            "input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning", "audio_in", "audio_out");

    private final RecordedReplies replies = new RecordedReplies();
    private final PriceBook prices;
    private final Instant at;
    private final Map<String, int[]> counts = new TreeMap<>();
    private final Map<String, Usage> metered = new HashMap<>();
    private final TokenCounter counter = new TokenCounter(Runnable::run, new SplittableRandom(1));
    private final Estimator estimator = new Estimator(counter);
    private final Map<String, List<Double>> shares = new TreeMap<>();
    private final Set<String> explainedUsage;
    private final Set<String> explainedCosts;
    private int unexplained;

    private MeterEvaluation(Path document, PriceBook prices) throws IOException {
        this.prices = prices;
        this.at = prices.date().atStartOfDay(ZoneOffset.UTC).toInstant();
        this.explainedUsage = Explained.below(document, "Usage that differs");
        this.explainedCosts = Explained.below(document, "Costs that differ");
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: MeterEvaluation <folder of dev.jsonl.gz and expected-cost.dev.jsonl.gz>"
                    + " <metering.md> <prices of the day on which the costs were noted>");
            Runtime.getRuntime().exit(2);
        }
        Path folder = Path.of(arguments[0]);
        MeterEvaluation evaluation = new MeterEvaluation(Path.of(arguments[1]), prices(Path.of(arguments[2])));
        evaluation.usage(RecordedReplies.rows(folder.resolve("dev.jsonl.gz")));
        evaluation.costs(RecordedReplies.rows(folder.resolve("expected-cost.dev.jsonl.gz")));
        System.out.println("not explained: " + evaluation.unexplained);
        Runtime.getRuntime().exit(evaluation.unexplained == 0 ? 0 : 1);
    }

    private static PriceBook prices(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return PriceBook.read(file.toString(), in);
        }
    }

    private void usage(List<JsonNode> rows) {
        rows.forEach(this::row);
        int equal = 0;
        int different = 0;
        for (Map.Entry<String, int[]> provider : counts.entrySet()) {
            System.out.printf(
                    "%-26s %4d equal, %d different%n",
                    provider.getKey(), provider.getValue()[0], provider.getValue()[1]);
            equal += provider.getValue()[0];
            different += provider.getValue()[1];
        }
        System.out.printf("usage: %d equal, %d different%n", equal, different);
        shares.forEach((what, found) -> {
            found.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "counted as a share of what was told, %s (%d): least %.2f, 10 %% %.2f, median %.2f, 90 %% %.2f, most %.2f%n",
                    what,
                    found.size(),
                    found.get(0),
                    found.get(found.size() / 10),
                    found.get(found.size() / 2),
                    found.get(found.size() * 9 / 10),
                    found.get(found.size() - 1));
        });
    }

    private void row(JsonNode row) {
        List<Long> told = told(row.path("usage"), row.path("provider_cost_usd"));
        List<Long> numbers = List.of();
        boolean same = true;
        for (int chunkSize : CHUNK_SIZES) {
            ReplyMeter meter = replies.meter(row, chunkSize);
            Usage usage = meter.reported();
            numbers = numbers(usage);
            same &= numbers.equals(told);
            if (usage != null) {
                metered.put(row.path("id").asText(), usage);
            }
            if (chunkSize == 1 && RecordedReplies.isStream(row)) {
                count(row, usage, meter);
            }
        }
        int[] count = counts.computeIfAbsent(row.path("provider").asText(), provider -> new int[2]);
        count[same ? 0 : 1]++;
        if (!same) {
            differs(explainedUsage, row.path("id").asText(), "usage told " + told + " metered " + numbers);
        }
    }

    private void count(JsonNode row, @Nullable Usage usage, ReplyMeter meter) {
        if (usage == null) {
            return;
        }
        Optional<ModelPrice> price = price(row, List.of(row.path("model_response"), row.path("model_request")));
        Tokenizer tokenizer = price.map(ModelPrice::tokenizer).orElse(Tokenizer.OTHER);
        String family = tokenizer.isExact() ? "public tokenizers" : tokenizer + " (estimated)";
        RelayedText.Piece relayed = meter.output().take();
        long output = counter.countForBill(tokenizer, relayed.texts()) + relayed.frameTokens();
        // Only where nothing was thought that the reply does not show.
        if (usage.output() >= LEAST_TOLD && usage.reasoning() == 0) {
            share("output", family, output, usage.output(), row);
        }
        Content sent = replies.content(row);
        if (price.isPresent() && usage.totalInput() >= LEAST_TOLD) {
            List<String> texts = sent.facts().texts().stream().map(Text::value).toList();
            long text = counter.countForBill(tokenizer, texts);
            share("input", family, estimator.sentTokens(price.get(), sent, text), usage.totalInput(), row);
        }
    }

    private void share(String what, String family, long counted, long told, JsonNode row) {
        double share = counted / (double) told;
        shares.computeIfAbsent(what + ", " + family, unused -> new ArrayList<>())
                .add(share);
        if (System.getenv("TOLLGATE_SHARES") != null) {
            System.out.printf(
                    Locale.ROOT, "%s %s: %d of %d%n", what, row.path("id").asText(), counted, told);
        }
    }

    private void differs(Set<String> explained, String id, String what) {
        boolean isExplained = explained.contains(id);
        unexplained += isExplained ? 0 : 1;
        System.out.println((isExplained ? "explained: " : "NOT EXPLAINED: ") + id + " " + what);
    }

    private void costs(List<JsonNode> rows) {
        int equal = 0;
        int different = 0;
        int unpriced = 0;
        for (JsonNode row : rows) {
            if (!row.has("expected_nano_usd")) {
                continue;
            }
            Optional<ModelPrice> price = price(row, row.path("models"));
            Usage usage = metered.get(row.path("id").asText());
            if (price.isEmpty() || usage == null) {
                unpriced++;
                continue;
            }
            long cost = price.get().cost(withoutBill(usage), at).nanos();
            long expected = row.path("expected_nano_usd").asLong();
            if (cost == expected) {
                equal++;
            } else {
                different++;
                differs(
                        explainedCosts,
                        row.path("id").asText(),
                        row.path("models") + " cost " + cost + " expected " + expected + " " + usage);
            }
        }
        System.out.printf("cost: %d equal, %d different, %d without a price of ours%n", equal, different, unpriced);
    }

    private Optional<ModelPrice> price(JsonNode row, Iterable<JsonNode> models) {
        for (JsonNode model : models) {
            Optional<ModelPrice> found =
                    prices.find(new ModelId(row.path("provider").asText(), model.asText()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The expected cost is that of price tables: what the provider says itself counts in real life, and is compared as usage. */
    private static Usage withoutBill(Usage usage) {
        return new Usage(
                usage.input(),
                usage.cacheRead(),
                usage.cacheWrite(),
                usage.cacheWriteLong(),
                usage.output(),
                usage.reasoning(),
                usage.audioInput(),
                usage.audioOutput(),
                usage.imageInput(),
                usage.imageOutput(),
                null,
                usage.source(),
                usage.extras());
    }

    /** Input and output whole, then the parts that rows have too, then the provider's own bill; zero where nothing is told. */
    private static List<Long> told(JsonNode usage, JsonNode dollars) {
        List<Long> numbers = new ArrayList<>();
        for (String name : TOLD) {
            numbers.add(usage.path(name).asLong());
        }
        // Rows hold the bill as a binary fraction: what its last digits got wrong must not become a nano-dollar.
        numbers.add(new BigDecimal(dollars.asDouble(), new MathContext(12))
                .movePointRight(9)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact());
        return numbers;
    }

    private static List<Long> numbers(@Nullable Usage metered) {
        Usage usage = metered == null ? Usage.NONE : metered;
        NanoUsd bill = usage.providerCost();
        return List.of(
                usage.totalInput(),
                usage.totalOutput(),
                usage.cacheRead(),
                usage.cacheWrite(),
                usage.cacheWriteLong(),
                usage.reasoning(),
                usage.audioInput(),
                usage.audioOutput(),
                bill == null ? 0 : bill.nanos());
    }
}
