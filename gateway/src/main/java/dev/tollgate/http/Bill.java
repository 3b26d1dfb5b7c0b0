package dev.tollgate.http;

import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange used and what that costs.
 *
 * @param usage tokens by class
 * @param cost in nano-dollars; null where no price is known
 * @param savedNanos nano-dollars by which the provider's cache made it cheaper
 */
record Bill(Usage usage, @Nullable NanoUsd cost, long savedNanos) {
    /** This bill and so much more. */
    Bill plus(long nanos) {
        return cost == null || nanos == 0
                ? this
                : new Bill(usage, new NanoUsd(Math.addExact(cost.nanos(), nanos)), savedNanos);
    }

    /** For exchanges that reached no provider, or that a provider refused. */
    static final Bill NOTHING = new Bill(Usage.NONE, NanoUsd.ZERO);

    /** This bill, of which no more is counted than was held: what is counted errs upwards. What the provider told stays. */
    Bill atMost(Amounts held) {
        if (usage.source() != Usage.Source.COUNTED) {
            return this;
        }
        long over = usage.totalInput() + usage.totalOutput() - held.tokens();
        NanoUsd lower = cost == null || cost.nanos() <= held.nanos() ? cost : held.money();
        return new Bill(over > 0 ? usage.withLessOutput(over) : usage, lower, savedNanos);
    }

    Bill(Usage usage, @Nullable NanoUsd cost) {
        this(usage, cost, 0);
    }
}
