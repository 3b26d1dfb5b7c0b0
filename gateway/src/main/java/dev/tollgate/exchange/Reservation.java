package dev.tollgate.exchange;

import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is held for a call that has not ended. Settled or given back once, by exchange id.
 *
 * @param amounts what is held, of which each counter holds the amount of its own unit, but for those of {@code apart}
 * @param counters keys of the counters, period included; empty where no budget applies
 * @param bound counters that are charged only if one of these targets served, see {@link Target#toString}; those not named are charged
 *     whoever served
 * @param leaseUntil after this the hold may be swept and charged at its amounts
 * @param tightest id of the budget that the fewest further calls of this size fit into; empty where none is enforced
 * @param unit unit of that budget
 * @param left the least that enforced budgets of each unit have left beside this hold; {@link #UNLIMITED} where there is none of a unit
 * @param apart what those counters hold that hold another amount, because attempts were lost that count in some of them only
 */
public record Reservation(
        Amounts amounts,
        List<String> counters,
        Map<String, Set<String>> bound,
        Instant leaseUntil,
        String tightest,
        Unit unit,
        Amounts left,
        Map<String, Long> apart) {
    /** Stands for what is left where nothing limits it. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    public static final Amounts ALL_UNLIMITED = new Amounts(UNLIMITED, UNLIMITED, UNLIMITED);

    public Reservation {
        counters = List.copyOf(counters);
        bound = bound.isEmpty() ? Map.of() : Map.copyOf(bound);
        apart = apart.isEmpty() ? Map.of() : Map.copyOf(apart);
    }

    /** One of which all counters hold the amount of their unit. */
    public Reservation(
            Amounts amounts,
            List<String> counters,
            Map<String, Set<String>> bound,
            Instant leaseUntil,
            String tightest,
            Unit unit,
            Amounts left) {
        this(amounts, counters, bound, leaseUntil, tightest, unit, left, Map.of());
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
        Long other = apart.isEmpty() ? null : apart.get(counter);
        return other == null ? amounts.in(Unit.ofCounter(counter)) : other;
    }

    /** What one of the counters is charged for a call that came to this. */
    public long chargeTo(String counter, Spend spend) {
        return charge(counter, bound, spend);
    }

    /**
     * What a counter is charged for a call, or is to hold for one that comes to this at most.
     *
     * @param bound as in a reservation
     */
    public static long charge(String counter, Map<String, Set<String>> bound, Spend spend) {
        Unit unit = Unit.ofCounter(counter);
        Set<String> targets = bound.isEmpty() ? null : bound.get(counter);
        if (targets == null) {
            long whole = spend.amounts().in(unit);
            for (Spend.Lost attempt : spend.lost()) {
                whole = sum(whole, attempt.amounts().in(unit));
            }
            return whole;
        }
        long lost = 0;
        boolean wasCalled = false;
        for (Spend.Lost attempt : spend.lost()) {
            if (targets.contains(attempt.target())) {
                lost = sum(lost, attempt.amounts().in(unit));
                wasCalled = true;
            }
        }
        // A request is one for every target that had it, and never two.
        boolean isOurs = mayServe(targets, spend) || (wasCalled && unit == Unit.REQUESTS);
        return isOurs ? sum(lost, spend.amounts().in(unit)) : lost;
    }

    private static boolean mayServe(Set<String> targets, Spend spend) {
        if (!spend.target().isEmpty()) {
            return targets.contains(spend.target());
        }
        if (spend.lost().isEmpty()) {
            return true;
        }
        for (String target : targets) {
            if (spend.lost().stream().noneMatch(attempt -> attempt.target().equals(target))) {
                return true;
            }
        }
        return false;
    }

    private static long sum(long amount, long more) {
        return amount > Long.MAX_VALUE - more ? Long.MAX_VALUE : amount + more;
    }

    /** The same hold, of which these counters hold another amount. */
    public Reservation apart(Map<String, Long> other) {
        return other.isEmpty()
                ? this
                : new Reservation(amounts, counters, bound, leaseUntil, tightest, unit, left, other);
    }

    /** The same hold with more in it: so much, and what was lost before, each where it counts. */
    public Reservation raised(Amounts more, List<Spend.Lost> lost) {
        Reservation raised = new Reservation(more, counters, bound, leaseUntil, tightest, unit, left);
        if (lost.isEmpty()) {
            return raised;
        }
        Spend most = new Spend(more, "", lost);
        Map<String, Long> other = new HashMap<>();
        for (String counter : counters) {
            other.put(counter, charge(counter, bound, most));
        }
        return raised.apart(other);
    }

    public Reservation withBound(Map<String, Set<String>> only) {
        return only.isEmpty()
                ? this
                : new Reservation(amounts, counters, only, leaseUntil, tightest, unit, left, apart);
    }
}
