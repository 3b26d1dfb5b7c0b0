package dev.tollgate.budget;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tollgate.budget.ModelPrice.Period;
import dev.tollgate.budget.ModelPrice.Tier;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model of a price file, as written. Prices are dollars per million tokens; the file's head explains every key. */
record PriceLine(
        String provider,
        @Nullable String model,
        @Nullable List<String> also,
        @Nullable List<String> prefix,
        @Nullable List<String> contains,
        boolean any,
        BigDecimal input,
        @JsonProperty("cache_read") @Nullable BigDecimal cacheRead,
        @JsonProperty("cache_write") @Nullable BigDecimal cacheWrite,
        @JsonProperty("cache_write_1h") @Nullable BigDecimal cacheWriteLong,
        BigDecimal output,
        @Nullable BigDecimal reasoning,
        @JsonProperty("audio_in") @Nullable BigDecimal audioInput,
        @JsonProperty("audio_out") @Nullable BigDecimal audioOutput,
        @JsonProperty("image_in") @Nullable BigDecimal imageInput,
        @JsonProperty("image_out") @Nullable BigDecimal imageOutput,
        @Nullable BigDecimal request,
        @Nullable List<Change> over,
        @Nullable List<Change> later,
        @Nullable Long context,
        @JsonProperty("max_output") @Nullable Long maxOutput,
        @Nullable String kind,
        String tokenizer) {
    private static final int NANO_DIGITS = 9;
    private static final BigDecimal MOST_DOLLARS = BigDecimal.valueOf(1_000_000);

    /** Prices that take the place of others: of calls with more input ({@code tokens}), or from a day on ({@code from}). */
    record Change(
            @Nullable Long tokens,
            @Nullable String from,
            @Nullable BigDecimal input,
            @JsonProperty("cache_read") @Nullable BigDecimal cacheRead,
            @JsonProperty("cache_write") @Nullable BigDecimal cacheWrite,
            @JsonProperty("cache_write_1h") @Nullable BigDecimal cacheWriteLong,
            @Nullable BigDecimal output,
            @Nullable BigDecimal reasoning,
            @JsonProperty("audio_in") @Nullable BigDecimal audioInput,
            @JsonProperty("audio_out") @Nullable BigDecimal audioOutput,
            @JsonProperty("image_in") @Nullable BigDecimal imageInput,
            @JsonProperty("image_out") @Nullable BigDecimal imageOutput,
            @Nullable BigDecimal request,
            @Nullable List<Change> over) {
        Rates over(Rates before) {
            long newInput = or(input, before.input());
            long newOutput = or(output, before.output());
            return new Rates(
                    newInput,
                    or(cacheRead, before.cacheRead() == before.input() ? newInput : before.cacheRead()),
                    or(cacheWrite, before.cacheWrite() == before.input() ? newInput : before.cacheWrite()),
                    or(cacheWriteLong, before.cacheWriteLong()),
                    newOutput,
                    or(reasoning, before.reasoning() == before.output() ? newOutput : before.reasoning()),
                    or(audioInput, before.audioInput() == before.input() ? newInput : before.audioInput()),
                    or(audioOutput, before.audioOutput() == before.output() ? newOutput : before.audioOutput()),
                    or(imageInput, before.imageInput() == before.input() ? newInput : before.imageInput()),
                    or(imageOutput, before.imageOutput() == before.output() ? newOutput : before.imageOutput()),
                    or(request, before.request()));
        }
    }

    /** @throws IllegalArgumentException saying what is wrong */
    void validate() {
        require(provider != null && !provider.isBlank(), "a model needs a provider");
        require(any == (model == null), "a model needs either its name or any: true");
        require(input != null && output != null, "a model needs the prices input and output");
        require(tokenizer != null, "a model needs a tokenizer");
        require(kind == null || "embedding".equals(kind), "unknown kind " + kind);
        // Making the price checks its dates, amounts and tokenizer.
        ModelPrice unused = toModelPrice();
    }

    ModelPrice toModelPrice() {
        Rates first = rates();
        List<Period> periods = new ArrayList<>();
        periods.add(new Period(LocalDate.MIN, first, tiers(over, first)));
        for (Change change : orNone(later)) {
            LocalDate from = LocalDate.parse(given(change.from(), "a later price needs from"));
            Rates then = change.over(first);
            periods.add(new Period(from, then, tiers(change.over(), then)));
        }
        return new ModelPrice(
                provider,
                model == null ? "*" : model,
                periods,
                context,
                maxOutput,
                !"embedding".equals(kind),
                Tokenizer.of(tokenizer));
    }

    private Rates rates() {
        long in = nanos(input);
        long out = nanos(output);
        long write = or(cacheWrite, in);
        return new Rates(
                in,
                or(cacheRead, in),
                write,
                or(cacheWriteLong, write),
                out,
                or(reasoning, out),
                or(audioInput, in),
                or(audioOutput, out),
                or(imageInput, in),
                or(imageOutput, out),
                or(request, 0));
    }

    private static List<Tier> tiers(@Nullable List<Change> over, Rates base) {
        List<Tier> tiers = new ArrayList<>();
        for (Change change : orNone(over)) {
            tiers.add(new Tier(given(change.tokens(), "a tier needs tokens"), change.over(base)));
        }
        return tiers;
    }

    static List<Change> orNone(@Nullable List<Change> changes) {
        return changes == null ? List.of() : changes;
    }

    private static long or(@Nullable BigDecimal dollars, long otherwise) {
        return dollars == null ? otherwise : nanos(dollars);
    }

    private static long nanos(BigDecimal dollars) {
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
