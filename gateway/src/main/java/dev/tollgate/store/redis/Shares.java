package dev.tollgate.store.redis;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Reservation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What this node may spend of each counter while Redis cannot be asked: its share of what was left when it last heard of the counter, and never
 * more than its share of the whole limit, what it has spent before included. Not safe for use by several threads at once.
 */
final class Shares {
    /** What this node has spent and holds, by counter. */
    private final Map<String, Long> own = new HashMap<>();

    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * What was last heard of a counter and those before it that count with it.
     *
     * @param others what other nodes have spent and hold
     * @param own what this one had
     */
    private record Seen(long others, long own) {}

    void begin(Map<String, Long> spent) {
        own.clear();
        seen.clear();
        own.putAll(spent);
    }

    void held(Reservation held) {
        for (String counter : held.counters()) {
            add(counter, held.heldIn(counter));
        }
    }

    void gaveBack(Reservation held) {
        for (String counter : held.counters()) {
            add(counter, -held.heldIn(counter));
        }
    }

    void add(String counter, long amount) {
        if (amount != 0) {
            own.merge(counter, amount, Shares::sumOrNothing);
        }
    }

    @SuppressWarnings("NullAway") // Null takes the entry out of the map.
    private static Long sumOrNothing(Long before, Long amount) {
        long sum = before + amount;
        return sum == 0 ? null : sum;
    }

    /** @param totals what each counter has spent and holds, all nodes together */
    void saw(List<Counter> counters, long[] totals) {
        for (int i = 0; i < totals.length; i++) {
            long mine = own(counters.get(i));
            seen.put(counters.get(i).key(), new Seen(Math.max(0, totals[i] - mine), mine));
        }
    }

    /**
     * What stands in the way of each counter if its limit is to leave only this node's share.
     *
     * @param nodes how many share the counters
     */
    long[] totals(List<Counter> counters, int nodes) {
        long[] totals = new long[counters.size()];
        for (int i = 0; i < totals.length; i++) {
            Counter counter = counters.get(i);
            long mine = own(counter);
            long share = counter.limit() / nodes - mine;
            Seen last = seen.get(counter.key());
            if (last != null) {
                long left = Math.max(0, counter.limit() - last.others() - last.own());
                share = Math.min(share, last.own() + left / nodes - mine);
            }
            totals[i] = counter.limit() - share;
        }
        return totals;
    }

    private long own(Counter counter) {
        long sum = own.getOrDefault(counter.key(), 0L);
        for (String earlier : counter.before()) {
            sum += own.getOrDefault(earlier, 0L);
        }
        return sum;
    }

    void forget(Predicate<String> stillCounts) {
        own.keySet().removeIf(stillCounts.negate());
        seen.keySet().removeIf(stillCounts.negate());
    }
}
