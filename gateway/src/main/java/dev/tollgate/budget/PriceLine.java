package dev.tollgate.budget;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollgate.budget.ModelPrice.Period;
import dev.tollgate.budget.ModelPrice.Terms;
import dev.tollgate.budget.ModelPrice.Tier;
import dev.tollgate.value.ServiceTier;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One model of a price file, as written. Prices are nano-dollars; the file's head explains every key.
 *
 * @param model null for an entry that stands for every model of the provider
 * @param prices since ever, and what changes them
 */
record PriceLine(
        String provider,
        @Nullable String model,
        List<String> also,
        List<String> prefix,
        List<String> contains,
        Change prices,
        List<Change> later,
        @Nullable Long context,
        @Nullable Long maxOutput,
        boolean isEmbedding,
        Tokenizer tokenizer) {
    private static final int NANO_DIGITS = 9;
    private static final BigDecimal MOST_DOLLARS = BigDecimal.valueOf(1_000_000);
    private static final Set<String> KEYS = Set.of(
            "provider",
            "model",
            "also",
            "prefix",
            "contains",
            "any",
            "over",
            "later",
            "context",
            "max_output",
            "kind",
            "tokenizer",
            "flex",
            "priority",
            "batch",
            "fast");
    private static final Set<String> CHANGE_KEYS =
            Set.of("tokens", "from", "over", "flex", "priority", "batch", "fast");
    private static final List<ServiceTier> TERMS =
            List.of(ServiceTier.FLEX, ServiceTier.PRIORITY, ServiceTier.BATCH, ServiceTier.FAST);

    /**
     * Prices that take the place of others.
     *
     * @param tokens of calls with more input than so many; null where that does not matter
     * @param from from a day on; null for any day
     * @param prices those that are named
     * @param over of calls with more input
     * @param terms of service tiers
     */
    record Change(
            @Nullable Long tokens,
            @Nullable LocalDate from,
            Map<Billed, Long> prices,
            List<Change> over,
            Map<ServiceTier, Change> terms) {
        Terms over(Rates before) {
            Rates rates = before.changed(prices);
            List<Tier> tiers = new ArrayList<>();
            for (Change change : over) {
                tiers.add(new Tier(given(change.tokens(), "a tier needs tokens"), rates.changed(change.prices())));
            }
            return new Terms(rates, tiers);
        }

        Period period(LocalDate since, Rates before) {
            Terms usual = over(before);
            Map<ServiceTier, Terms> other = new EnumMap<>(ServiceTier.class);
            terms.forEach(
                    (tier, change) -> other.put(tier, change.over(usual.rates()).within(usual)));
            return new Period(since, usual, other);
        }
    }

    /** @throws IllegalArgumentException saying what is wrong */
    static PriceLine of(JsonNode line) {
        Change prices = change(line, KEYS);
        boolean any = line.path("any").asBoolean();
        String model = text(line, "model");
        require(text(line, "provider") != null, "a model needs a provider");
        require(any == (model == null), "a model needs either its name or any: true");
        require(line.has("input") && line.has("output"), "a model needs the prices input and output");
        require(line.has("tokenizer"), "a model needs a tokenizer");
        String kind = text(line, "kind");
        require(kind == null || "embedding".equals(kind), "unknown kind " + kind);
        PriceLine read = new PriceLine(
                given(text(line, "provider"), "a model needs a provider"),
                model,
                texts(line, "also"),
                texts(line, "prefix"),
                texts(line, "contains"),
                prices,
                changes(line.path("later")),
                count(line, "context"),
                count(line, "max_output"),
                kind != null,
                Tokenizer.of(given(text(line, "tokenizer"), "a model needs a tokenizer")));
        // Making the price checks that its changes make sense.
        ModelPrice unused = read.toModelPrice();
        return read;
    }

    ModelPrice toModelPrice() {
        Rates first = Rates.of(prices.prices());
        List<Period> periods = new ArrayList<>();
        periods.add(prices.period(LocalDate.MIN, first));
        for (Change change : later) {
            periods.add(change.period(given(change.from(), "a later price needs from"), first));
        }
        return new ModelPrice(
                provider,
                model == null ? "*" : model,
                periods,
                context,
                maxOutput,
                !isEmbedding,
                tokenizer,
                Rates.WHOLE);
    }

    private static Change change(JsonNode node, Set<String> besides) {
        Map<Billed, Long> prices = new EnumMap<>(Billed.class);
        node.properties().forEach(member -> {
            Billed billed = Billed.of(member.getKey());
            if (billed != null) {
                prices.put(billed, nanos(member.getKey(), member.getValue()));
            } else {
                require(besides.contains(member.getKey()), "unknown key " + member.getKey());
            }
        });
        Map<ServiceTier, Change> terms = new EnumMap<>(ServiceTier.class);
        for (ServiceTier tier : TERMS) {
            JsonNode change = node.path(tier.name().toLowerCase(Locale.ROOT));
            if (!change.isMissingNode()) {
                terms.put(tier, change(change, CHANGE_KEYS));
            }
        }
        String from = text(node, "from");
        return new Change(
                count(node, "tokens"),
                from == null ? null : LocalDate.parse(from),
                prices,
                changes(node.path("over")),
                terms);
    }

    private static List<Change> changes(JsonNode list) {
        List<Change> changes = new ArrayList<>();
        list.forEach(change -> changes.add(change(change, CHANGE_KEYS)));
        return changes;
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode member = node.path(name);
        if (member.isMissingNode()) {
            return null;
        }
        require(member.isTextual() && !member.asText().isBlank(), name + " must be a text");
        return member.asText();
    }

    private static List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode member : node.path(name)) {
            require(member.isTextual() && !member.asText().isBlank(), name + " must be a list of texts");
            texts.add(member.asText().toLowerCase(Locale.ROOT));
        }
        return texts;
    }

    private static @Nullable Long count(JsonNode node, String name) {
        JsonNode member = node.path(name);
        if (member.isMissingNode()) {
            return null;
        }
        require(member.isIntegralNumber() && member.asLong() >= 0, name + " must be a whole number");
        return member.asLong();
    }

    private static long nanos(String name, JsonNode value) {
        require(value.isNumber(), name + " must be a number");
        return nanos(value.decimalValue());
    }

    /** Dollars as nano-dollars; refused where a fraction of one would be lost. */
    static long nanos(BigDecimal dollars) {
        require(
                dollars.signum() >= 0 && dollars.compareTo(MOST_DOLLARS) <= 0,
                "price " + dollars + " is not between 0 and " + MOST_DOLLARS + " dollars");
        return dollars.movePointRight(NANO_DIGITS).longValueExact();
    }

    private static <T> T given(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
