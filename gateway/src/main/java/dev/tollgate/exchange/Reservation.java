package dev.tollgate.exchange;

import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is held for a call that has not ended. Settled or given back once, by exchange id.
 *
 * @param amounts what is held, of which each counter holds the amount of its own unit
 * @param counters keys of the counters, period included; empty where no budget applies
 * @param bound counters that are charged only if one of these targets served, see {@link Target#toString}; those not named are charged
 *     whoever served
 * @param leaseUntil after this the hold may be swept and charged at its amounts
 * @param tightest id of the budget that the fewest further calls of this size fit into; empty where none is enforced
 * @param unit unit of that budget
 * @param left the least that enforced budgets of each unit have left beside this hold; {@link #UNLIMITED} where there is none of a unit
 */
public record Reservation(
        Amounts amounts,
        List<String> counters,
        Map<String, Set<String>> bound,
        Instant leaseUntil,
        String tightest,
        Unit unit,
        Amounts left) {
    /** Stands for what is left where nothing limits it. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    public static final Amounts ALL_UNLIMITED = new Amounts(UNLIMITED, UNLIMITED, UNLIMITED);

    public Reservation {
        counters = List.copyOf(counters);
        bound = bound.isEmpty() ? Map.of() : Map.copyOf(bound);
    }

    /** One of money only. */
    public Reservation(NanoUsd amount, List<String> counters, Instant leaseUntil, String tightest, NanoUsd remaining) {
        this(
                Amounts.of(amount),
                counters,
                Map.of(),
                leaseUntil,
                tightest,
                Unit.USD,
                new Amounts(remaining.nanos(), UNLIMITED, UNLIMITED));
    }

    /** One that tells which counters exist but not what they have left, because nothing is held in them or nobody knows any more. */
    public static Reservation bare(Amounts amounts, List<String> counters, Instant leaseUntil) {
        return new Reservation(amounts, counters, Map.of(), leaseUntil, "", Unit.USD, ALL_UNLIMITED);
    }

    /** The money held. */
    public NanoUsd amount() {
        return amounts.money();
    }

    /** What the tightest budget has left beside this hold, in its unit. */
    public long remaining() {
        return left.in(unit);
    }

    /** What is held in one of the counters. */
    public long heldIn(String counter) {
        return amounts.in(Unit.ofCounter(counter));
    }

    /** What one of the counters is charged for a call that came to this. */
    public long chargeTo(String counter, Spend spend) {
        if (!bound.isEmpty() && !spend.target().isEmpty()) {
            Set<String> targets = bound.get(counter);
            if (targets != null && !targets.contains(spend.target())) {
                return 0;
            }
        }
        return spend.amounts().in(Unit.ofCounter(counter));
    }

    /** The same hold with more in it. */
    public Reservation withAmounts(Amounts more) {
        return new Reservation(more, counters, bound, leaseUntil, tightest, unit, left);
    }

    public Reservation withBound(Map<String, Set<String>> only) {
        return only.isEmpty() ? this : new Reservation(amounts, counters, only, leaseUntil, tightest, unit, left);
    }
}
