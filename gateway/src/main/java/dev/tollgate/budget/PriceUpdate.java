package dev.tollgate.budget;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.value.ServiceTier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A new list of prices made of the present one and a file: the file's providers have the file's models only, other providers keep theirs.
 * Limits and tokenizers that the file does not tell stay. Every line of it has been checked.
 *
 * @param text the new list, as a price file
 * @param changes what is different, by provider and model
 */
public record PriceUpdate(String text, List<Change> changes) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String HEAD = """
            # What models cost, written by "tollgate prices update". The head of the built-in list explains every key.

            date: DATE

            fallback:
            STAND-INS
            models:
            """;

    /** What became of a model. */
    public enum Kind {
        /** It was not there. */
        ADDED,
        /** It is there no more. */
        REMOVED,
        /** No price is lower, and one is higher. */
        DEARER,
        /** No price is higher, and one is lower. */
        CHEAPER,
        /** Some prices are higher and some lower. */
        CHANGED
    }

    /**
     * What became of a model.
     *
     * @param model provider and model
     * @param detail its prices, before and after
     */
    public record Change(Kind kind, String model, String detail) {}

    /**
     * @param name names the file in messages
     * @param file a price file, LiteLLM's table or genai-prices' data
     * @param present the present list
     * @param today the date of a table that tells none
     * @throws IOException if the file is not understood; the message names the place
     */
    public static PriceUpdate of(String name, byte[] file, byte[] present, LocalDate today) throws IOException {
        PriceFile before = PriceFile.read("the present prices", new ByteArrayInputStream(present));
        PriceFile given = read(name, file, before, today);
        Set<String> providers =
                given.lines().stream().map(PriceFile.Line::provider).collect(Collectors.toCollection(TreeSet::new));
        List<PriceFile.Line> all = new ArrayList<>();
        before.lines().stream()
                .filter(line -> !providers.contains(line.provider()))
                .forEach(all::add);
        all.addAll(given.lines());
        Map<String, PriceLine> was = parsed(before.lines());
        Map<String, PriceLine> is = parsed(all);
        return new PriceUpdate(written(before, given.date(), all), changes(was, is, today));
    }

    private static PriceFile read(String name, byte[] file, PriceFile before, LocalDate today) throws IOException {
        int start = 0;
        while (start < file.length && file[start] <= ' ') {
            start++;
        }
        if (start == file.length || (file[start] != '{' && file[start] != '[')) {
            return PriceFile.read(name, new ByteArrayInputStream(file));
        }
        JsonNode root = JSON.readTree(file);
        if (!LiteLlmPrices.fits(root) && !GenAiPrices.fits(root)) {
            throw new IOException(name + " is neither a price file, nor LiteLLM's table, nor genai-prices' data");
        }
        List<ObjectNode> lines = LiteLlmPrices.fits(root) ? LiteLlmPrices.lines(root) : GenAiPrices.lines(root);
        Map<String, PriceLine> known = parsed(before.lines());
        List<PriceFile.Line> read = new ArrayList<>();
        for (ObjectNode line : lines) {
            keepLimits(
                    line,
                    known.get(key(
                            line.path("provider").asText(), line.path("model").asText())));
            read.add(PriceFile.Line.of(name, read.size() + 1, JSON.writeValueAsString(line)));
        }
        return new PriceFile(today, Map.of(), read);
    }

    private static void keepLimits(ObjectNode line, @Nullable PriceLine known) {
        if (known != null) {
            if (!line.has("context") && known.context() != null) {
                line.put("context", known.context());
            }
            if (!line.has("max_output") && known.maxOutput() != null) {
                line.put("max_output", known.maxOutput());
            }
            if (known.isEmbedding()) {
                line.put("kind", "embedding");
            }
        }
    }

    private static String key(String provider, @Nullable String model) {
        return provider + "/" + (model == null ? "*" : model.toLowerCase(Locale.ROOT));
    }

    private static Map<String, PriceLine> parsed(List<PriceFile.Line> lines) throws IOException {
        Map<String, PriceLine> parsed = new TreeMap<>();
        for (PriceFile.Line line : lines) {
            PriceLine read = line.parse();
            parsed.put(key(read.provider(), read.model()), read);
        }
        return parsed;
    }

    private static String written(PriceFile before, LocalDate date, List<PriceFile.Line> lines) {
        String fallback = before.fallback().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "  " + entry.getKey() + ": [" + String.join(", ", entry.getValue()) + "]\n")
                .collect(Collectors.joining());
        StringBuilder text =
                new StringBuilder(HEAD.replace("DATE", date.toString()).replace("STAND-INS", fallback.stripTrailing()));
        lines.stream()
                .sorted(Comparator.comparing(PriceFile.Line::provider))
                .forEach(line -> text.append("- ").append(line.json()).append('\n'));
        return text.toString();
    }

    private static List<Change> changes(Map<String, PriceLine> was, Map<String, PriceLine> is, LocalDate today) {
        List<Change> changes = new ArrayList<>();
        Set<String> models = new TreeSet<>(was.keySet());
        models.addAll(is.keySet());
        for (String model : models) {
            Rates before = rates(was.get(model), today);
            Rates after = rates(is.get(model), today);
            if (before == null && after != null) {
                changes.add(new Change(Kind.ADDED, model, PriceText.of(after)));
            } else if (before != null && after == null) {
                changes.add(new Change(Kind.REMOVED, model, PriceText.of(before)));
            } else if (before != null && after != null && !before.equals(after)) {
                changes.add(new Change(kind(before, after), model, PriceText.of(before, after)));
            }
        }
        return changes;
    }

    private static @Nullable Rates rates(@Nullable PriceLine line, LocalDate today) {
        Instant at = today.atStartOfDay(ZoneOffset.UTC).toInstant();
        return line == null ? null : line.toModelPrice().rates(0, at, ServiceTier.STANDARD);
    }

    private static Kind kind(Rates before, Rates after) {
        Rates most = before.dearer(after);
        if (most.equals(after)) {
            return Kind.DEARER;
        }
        return most.equals(before) ? Kind.CHEAPER : Kind.CHANGED;
    }
}
