package dev.tollgate.exchange;

import dev.tollgate.value.NanoUsd;
import java.time.Instant;
import java.util.List;

/**
 * Money held for a call that has not ended. Settled or voided once, by exchange id.
 *
 * @param amount what is held in each counter
 * @param counters keys of the counters, period included; empty where no budget applies
 * @param leaseUntil after this the hold may be swept and charged at its amount
 * @param tightest id of the budget with the least left; empty where none applies
 * @param remaining what that budget has left beside this hold
 */
public record Reservation(
        NanoUsd amount, List<String> counters, Instant leaseUntil, String tightest, NanoUsd remaining) {
    public Reservation {
        counters = List.copyOf(counters);
    }
}
