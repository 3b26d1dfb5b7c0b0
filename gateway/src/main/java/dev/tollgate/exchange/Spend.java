package dev.tollgate.exchange;

import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import java.util.List;

/**
 * What a call came to.
 *
 * @param amounts money, tokens and requests, without those of {@code lost}
 * @param target what served it, as {@link Target#toString} writes it; empty where nobody knows: then every counter is charged but those of
 *     lost targets alone
 * @param lost what attempts came to that were given up before
 */
public record Spend(Amounts amounts, String target, List<Lost> lost) {
    /**
     * An attempt at a target that may bill it, before another one was called.
     *
     * @param target as {@link Target#toString} writes it
     * @param amounts money and tokens; the request counts once, with the call's own
     */
    public record Lost(String target, Amounts amounts) {}

    public Spend {
        lost = List.copyOf(lost);
    }

    /** One without lost attempts. */
    public Spend(Amounts amounts, String target) {
        this(amounts, target, List.of());
    }

    /** Money only, whatever served. */
    public static Spend of(NanoUsd cost) {
        return new Spend(Amounts.of(cost), "");
    }
}
