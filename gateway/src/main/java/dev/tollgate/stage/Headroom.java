package dev.tollgate.stage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.KeyId;
import java.util.List;

/**
 * Remembers how much was left of a caller's tightest budgets, to tell whether a call is worth counting closely. A hint only: what is decided
 * is decided by the ledger. Safe on any thread.
 */
final class Headroom {
    /** A quick estimate may be twice the exact one; with so many of them still to fit, that refuses nobody. */
    private static final long AMPLE = 64;

    private static final int MAX_CALLERS = 10_000;

    private final Cache<KeyId, Seen> seen = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MAX_CALLERS)
            .build();

    /**
     * @param first key of the caller's first counter, which changes with the period
     * @param counters how many there were
     * @param left what the tightest of each unit had left
     */
    private record Seen(String first, int counters, Amounts left) {}

    /** Whether many calls of that size would still fit; false where that is not known. */
    boolean isAmple(KeyId caller, List<Counter> counters, Amounts amounts) {
        if (counters.isEmpty()) {
            return true;
        }
        Seen last = seen.getIfPresent(caller);
        return last != null
                && last.counters() == counters.size()
                && last.first().equals(counters.get(0).key())
                && last.left().nanos() / AMPLE >= amounts.nanos()
                && last.left().tokens() / AMPLE >= amounts.tokens();
    }

    void remember(KeyId caller, List<Counter> counters, Amounts left) {
        seen.put(caller, new Seen(counters.get(0).key(), counters.size(), left));
    }
}
