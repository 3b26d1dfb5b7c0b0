package dev.tollgate.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counters that are told of one thing after the other, in the order in which a ledger did them, and say what it should have answered: the plainest
 * sums there are, of no code that the ledgers have. Safe on any thread.
 */
public final class MoneyOracle {
    private final Map<String, long[]> levels = new TreeMap<>();
    private final Map<String, Long> limits = new HashMap<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> over = new HashSet<>();
    private final List<String> overruns = new ArrayList<>();
    private int grants;

    /**
     * What an exchange asks of one counter.
     *
     * @param limit below 0 where it is only observed
     */
    public record Claim(String counter, long amount, long limit) {}

    private record Hold(Map<String, Long> amounts, boolean isSwept) {}

    /** Whether there is room for all; if so it is taken. */
    public synchronized boolean reserve(String exchange, List<Claim> claims) {
        Hold before = holds.get(exchange);
        if (before != null && !before.isSwept()) {
            return true;
        }
        boolean fits = hold(exchange, claims, Map.of());
        if (fits) {
            grants++;
            over.remove(exchange);
            refused.remove(exchange);
        } else {
            refused.add(exchange);
        }
        return fits;
    }

    /** Whether there is room for all in place of what is held; if so it is taken. */
    public synchronized boolean raise(String exchange, List<Claim> claims) {
        Hold before = holds.get(exchange);
        return before != null && hold(exchange, claims, before.amounts());
    }

    private boolean hold(String exchange, List<Claim> claims, Map<String, Long> own) {
        for (Claim claim : claims) {
            long[] level = level(claim.counter());
            long others = level[0] + level[1] - own.getOrDefault(claim.counter(), 0L);
            if (claim.limit() >= 0 && others + claim.amount() > claim.limit()) {
                return false;
            }
        }
        Map<String, Long> amounts = new HashMap<>();
        for (Claim claim : claims) {
            level(claim.counter())[1] += claim.amount() - own.getOrDefault(claim.counter(), 0L);
            amounts.put(claim.counter(), claim.amount());
            limits.put(claim.counter(), claim.limit());
        }
        holds.put(exchange, new Hold(amounts, false));
        return true;
    }

    /** Ends an exchange, once. */
    public synchronized void finish(String exchange, Map<String, Long> charges) {
        if (!over.add(exchange)) {
            return;
        }
        Hold held = holds.remove(exchange);
        if (held != null) {
            held.amounts().forEach((counter, amount) -> level(counter)[held.isSwept() ? 0 : 1] -= amount);
        }
        charges.forEach((counter, charge) -> {
            long[] level = level(counter);
            level[0] += charge;
            long limit = limits.getOrDefault(counter, -1L);
            if (limit >= 0 && level[0] + level[1] > limit) {
                overruns.add(exchange + " brings " + counter + " to " + (level[0] + level[1]) + " of " + limit);
            }
        });
    }

    /** Charges a hold whole whose lease has run out. */
    public synchronized void sweep(String exchange) {
        Hold held = holds.get(exchange);
        if (held == null || held.isSwept()) {
            overruns.add(exchange + " is swept and holds nothing");
            return;
        }
        held.amounts().forEach((counter, amount) -> {
            level(counter)[0] += amount;
            level(counter)[1] -= amount;
        });
        holds.put(exchange, new Hold(held.amounts(), true));
    }

    private long[] level(String counter) {
        return levels.computeIfAbsent(counter, none -> new long[2]);
    }

    /** Everything that was wrong: sums above a limit, and sweeps of nothing. */
    public synchronized List<String> overruns() {
        return List.copyOf(overruns);
    }

    /** What was spent, without counters in which nothing was. */
    public synchronized Map<String, Long> spent() {
        Map<String, Long> spent = new TreeMap<>();
        levels.forEach((counter, level) -> {
            if (level[0] != 0) {
                spent.put(counter, level[0]);
            }
        });
        return spent;
    }

    /** Exchanges that were refused and not granted later. */
    public synchronized Set<String> refused() {
        return Set.copyOf(refused);
    }

    public synchronized int grants() {
        return grants;
    }

    /** Exchanges that hold something. */
    public synchronized Set<String> holding() {
        return Set.copyOf(holds.keySet());
    }
}
