package dev.tollgate.budget;

import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
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
 * @param share what is paid of the list price, in millionths: 1,000,000 without a discount
 */
public record ModelPrice(
        String provider,
        String model,
        List<Period> periods,
        @Nullable Long contextWindow,
        @Nullable Long maxOutput,
        boolean generates,
        Tokenizer tokenizer,
        long share) {

    /**
     * Prices from a day on.
     *
     * @param from first day, UTC
     * @param usual of calls on the usual terms
     * @param other of calls on others; terms that are missing here cost as usual
     */
    record Period(LocalDate from, Terms usual, Map<ServiceTier, Terms> other) {
        Period {
            other = Map.copyOf(other);
        }

        Rates rates(ServiceTier tier, long inputTokens) {
            Terms terms = tier == ServiceTier.STANDARD ? usual : other.getOrDefault(tier, usual);
            return terms.forInput(inputTokens);
        }
    }

    /**
     * Prices on certain terms.
     *
     * @param rates of ordinary calls
     * @param tiers of calls with more input, by rising threshold
     */
    record Terms(Rates rates, List<Tier> tiers) {
        Terms {
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

        /** These terms; where they say nothing of calls with more input, such calls cost what is dearer: these or the usual ones. */
        Terms within(Terms usual) {
            if (!tiers.isEmpty() || usual.tiers.isEmpty()) {
                return this;
            }
            return new Terms(
                    rates,
                    usual.tiers.stream()
                            .map(tier -> new Tier(tier.above(), tier.rates().dearer(rates)))
                            .toList());
        }
    }

    /**
     * Prices of a call as a whole, once its input passes a threshold.
     *
     * @param above input tokens that must be exceeded, cached ones included
     * @param rates what it then costs
     */
    record Tier(long above, Rates rates) {}

    /** Stands for a model of which nothing is known: its tokens are counted on the safe side, and nothing is reckoned in money. */
    public static ModelPrice unknown(boolean generates) {
        Period free = new Period(LocalDate.EPOCH, new Terms(Rates.FREE, List.of()), Map.of());
        return new ModelPrice("", "*", List.of(free), null, null, generates, Tokenizer.OTHER, Rates.WHOLE);
    }

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
        return rates(used, at).cost(used, share);
    }

    /**
     * By how many nano-dollars the provider's cache made a call cheaper; negative where writing to it cost more than reading saved. 0 where
     * the provider told its own bill.
     */
    public long saved(Usage used, Instant at) {
        if (used.cacheRead() + used.cacheWrite() + used.cacheWriteLong() == 0 || used.providerCost() != null) {
            return 0;
        }
        Rates rates = rates(used, at);
        return rates.costUncached(used, share).nanos() - rates.cost(used, share).nanos();
    }

    private Rates rates(Usage used, Instant at) {
        return period(at).rates(used.extras().tier(), used.totalInput());
    }

    /** The rates of a call with so many input tokens, made at that time on those terms. */
    Rates rates(long inputTokens, Instant at, ServiceTier tier) {
        return period(at).rates(tier, inputTokens);
    }

    /** Whether pictures that it makes are billed by the piece. */
    public boolean billsPictures() {
        return periods.get(0).usual().rates().of(Billed.IMAGE) > 0;
    }

    /** Whether other terms than the usual ones have a price. */
    boolean hasTerms() {
        for (Period period : periods) {
            if (!period.other().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The same prices with this share of them paid. */
    ModelPrice at(long otherShare) {
        return new ModelPrice(provider, model, periods, contextWindow, maxOutput, generates, tokenizer, otherShare);
    }

    /** The prices in force on a day. */
    Period periodOn(LocalDate day) {
        return period(day.atStartOfDay(ZoneOffset.UTC).toInstant());
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
