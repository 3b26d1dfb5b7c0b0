package dev.tollgate.exchange;

import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;

/**
 * What a call came to.
 *
 * @param amounts money, tokens and requests
 * @param target what served it, as {@link Target#toString} writes it; empty where nobody knows, and then every counter is charged
 */
public record Spend(Amounts amounts, String target) {
    /** Money only, whatever served. */
    public static Spend of(NanoUsd cost) {
        return new Spend(Amounts.of(cost), "");
    }
}
