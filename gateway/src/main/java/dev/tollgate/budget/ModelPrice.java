package dev.tollgate.budget;

import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model's prices and limits.
 *
 * @param provider id of the provider's entry
 * @param model its name in the price file; {@code *} for an entry that stands for every model of the provider
 * @param periods its prices over time, oldest first; the first holds since ever
 * @param contextWindow most tokens of one call, in and out; null if not known
 * @param maxOutput most output tokens of one answer; null if not known
 * @param generates whether it has output tokens (false: embeddings)
 * @param tokenizer how its tokens are counted
 */
public record ModelPrice(
        String provider,
        String model,
        List<Period> periods,
        @Nullable Long contextWindow,
        @Nullable Long maxOutput,
        boolean generates,
        Tokenizer tokenizer) {

    /**
     * Prices from a day on.
     *
     * @param from first day, UTC
     * @param rates prices of ordinary calls
     * @param tiers prices of calls with more input, by rising threshold
     */
    record Period(LocalDate from, Rates rates, List<Tier> tiers) {
        Period {
            tiers = List.copyOf(tiers);
        }

        Rates forInput(long inputTokens) {
            Rates found = rates;
            for (Tier tier : tiers) {
                if (inputTokens > tier.above()) {
                    found = tier.rates();
                }
            }
            return found;
        }
    }

    /**
     * Prices of a call as a whole, once its input passes a threshold.
     *
     * @param above input tokens that must be exceeded, cached ones included
     * @param rates what it then costs
     */
    record Tier(long above, Rates rates) {}

    public ModelPrice {
        periods = List.copyOf(periods);
        if (periods.isEmpty()) {
            throw new IllegalArgumentException(provider + "/" + model + " has no prices");
        }
    }

    /**
     * The exact cost, rounded up once. Where the provider told its own bill, that is the cost.
     *
     * @param at when the call was made, which picks the prices
     */
    public NanoUsd cost(Usage used, Instant at) {
        if (used.providerCost() != null) {
            return used.providerCost();
        }
        if (used.source() == Usage.Source.NONE) {
            return NanoUsd.ZERO;
        }
        return period(at).forInput(used.totalInput()).cost(used);
    }

    /** The rates of a call with so many input tokens, made at that time. */
    Rates rates(long inputTokens, Instant at) {
        return period(at).forInput(inputTokens);
    }

    private Period period(Instant at) {
        Period found = periods.get(0);
        if (periods.size() > 1) {
            LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
            for (Period period : periods) {
                if (!day.isBefore(period.from())) {
                    found = period;
                }
            }
        }
        return found;
    }
}
