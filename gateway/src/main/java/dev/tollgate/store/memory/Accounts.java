package dev.tollgate.store.memory;

import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The counters of a {@link MemoryLedger}, made when they are first used. Not safe for use by several threads at once. */
final class Accounts {
    /** How long a counter outlives its period, for calls that end late and for reports. */
    private static final Duration AFTERLIFE = Duration.ofDays(2);

    private final Map<String, Account> accounts = new HashMap<>();
    /** The keys in order, to go through them a page at a time. */
    private final NavigableSet<String> keys = new TreeSet<>();

    /** One counter, in its unit. */
    static final class Account {
        private final Instant forgetAt;
        long spent;
        long held;

        private Account(Instant forgetAt) {
            this.forgetAt = forgetAt;
        }

        long total() {
            return Math.addExact(spent, held);
        }

        private boolean isOver(Instant now) {
            return held == 0 && forgetAt.isBefore(now);
        }
    }

    Account of(String key) {
        Account account = accounts.get(key);
        return account == null ? made(key, CounterPeriod.endOf(key)) : account;
    }

    Account of(Counter counter) {
        Account account = accounts.get(counter.key());
        return account == null ? made(counter.key(), counter.endsAt()) : account;
    }

    private Account made(String key, Instant endsAt) {
        Account account = new Account(endsAt.equals(Instant.MAX) ? endsAt : endsAt.plus(AFTERLIFE));
        accounts.put(key, account);
        keys.add(key);
        return account;
    }

    int size() {
        return accounts.size();
    }

    /** What is spent and held; 0 in one that was never used. */
    long total(String key) {
        Account account = accounts.get(key);
        return account == null ? 0 : account.total();
    }

    Level level(String key) {
        Account account = accounts.get(key);
        return account == null ? new Level(key, 0, 0) : new Level(key, account.spent, account.held);
    }

    /** Those behind a key, which is their cursor. */
    Page page(String cursor, int max) {
        List<Level> levels =
                keys.tailSet(cursor, false).stream().limit(max).map(this::level).toList();
        return new Page(levels, levels.size() < max ? "" : levels.getLast().key());
    }

    /** Forgets those that nobody will ask for any more. */
    void forget(Instant now) {
        accounts.entrySet().removeIf(entry -> entry.getValue().isOver(now) && keys.remove(entry.getKey()));
    }

    /** Says which counter does not hold what the sum of its holds is; null where all do. */
    @Nullable
    String inconsistency(Map<String, Long> sums) {
        for (Map.Entry<String, Account> entry : accounts.entrySet()) {
            long expected = sums.getOrDefault(entry.getKey(), 0L);
            if (entry.getValue().held != expected) {
                return entry.getKey() + " holds " + entry.getValue().held + ", its live holds " + expected;
            }
        }
        return keys.equals(accounts.keySet()) ? null : "the keys in order are not those of the counters";
    }
}
