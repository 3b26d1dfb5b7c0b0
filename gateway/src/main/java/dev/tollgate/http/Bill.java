package dev.tollgate.http;

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
    /** For exchanges that reached no provider, or that a provider refused. */
    static final Bill NOTHING = new Bill(Usage.NONE, NanoUsd.ZERO);

    Bill(Usage usage, @Nullable NanoUsd cost) {
        this(usage, cost, 0);
    }
}
