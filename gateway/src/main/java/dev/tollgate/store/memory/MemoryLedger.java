package dev.tollgate.store.memory;

import dev.tollgate.budget.Fit;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in this process. One lock guards all of it: the all-or-none rule spans counters, and a reserve over eight of them takes about a
 * microsecond.
 *
 * <pre>
 *   reserve ──▶ live hold ──settle──▶ settled at its cost
 *                  ├──release────────▶ given back
 *                  └──sweep──────────▶ charged whole ──settle / release──▶ corrected
 * </pre>
 */
public final class MemoryLedger implements Ledger {
    private static final int MAX_LIVE_HOLDS = 100_000;
    private static final int MAX_COUNTERS = 1_000_000;
    private static final int MAX_ENDED_REMEMBERED = 100_000;
    private static final Reservation NOTHING_HELD = Reservation.bare(Amounts.NONE, List.of(), Instant.MIN);
    private static final Spend NOTHING = new Spend(Amounts.NONE, "");
    /** Stands for holds that ended in order. */
    private static final Reservation DONE = Reservation.bare(Amounts.NONE, List.of(), Instant.MAX);

    private final InstantSource clock;
    private final Object lock = new Object();
    private final Accounts accounts = new Accounts();
    private final Map<ExchangeId, Live> live = new LinkedHashMap<>();
    /** Ended holds, so that settling again changes nothing: {@link #DONE}, or what was charged whole. The oldest are forgotten. */
    private final Map<ExchangeId, Reservation> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ExchangeId, Reservation> eldest) {
            return size() > MAX_ENDED_REMEMBERED;
        }
    };

    public MemoryLedger(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Future<Answer> reserve(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        Instant now = clock.instant();
        Instant leaseUntil = now.plus(lease);
        if (counters.isEmpty()) {
            return Future.succeededFuture(new Fit(counters, amounts, new long[0]).answer(leaseUntil));
        }
        synchronized (lock) {
            Live before = live.get(exchange);
            if (before != null) {
                return Future.succeededFuture(new Answer.Granted(before.held(), List.of()));
            }
            if (live.size() >= MAX_LIVE_HOLDS || accounts.size() + counters.size() > MAX_COUNTERS) {
                // Forgetting a hold or a counter instead would let its money be spent twice.
                return Future.failedFuture(
                        "the ledger is full: " + live.size() + " live holds, " + accounts.size() + " counters");
            }
            return Future.succeededFuture(hold(exchange, counters, amounts, new Live(NOTHING_HELD, now), leaseUntil));
        }
    }

    @Override
    public Future<Answer> raise(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        synchronized (lock) {
            Live before = live.get(exchange);
            return before == null
                    ? Future.failedFuture("exchange " + exchange + " holds nothing")
                    : Future.succeededFuture(hold(
                            exchange, counters, amounts, before, clock.instant().plus(lease)));
        }
    }

    /** Holds so much in place of what the exchange held before, or leaves that. */
    private Answer hold(ExchangeId exchange, List<Counter> counters, Amounts amounts, Live before, Instant leaseUntil) {
        Accounts.Account[] touched = new Accounts.Account[counters.size()];
        long[] totals = new long[touched.length];
        for (int i = 0; i < touched.length; i++) {
            Counter counter = counters.get(i);
            touched[i] = accounts.of(counter);
            totals[i] = touched[i].total() - before.in(counter);
            for (String earlier : counter.before()) {
                totals[i] += accounts.total(earlier);
            }
        }
        Answer answer = new Fit(counters, amounts, totals).answer(leaseUntil);
        if (answer instanceof Answer.Granted granted) {
            for (int i = 0; i < touched.length; i++) {
                Counter counter = counters.get(i);
                touched[i].held += counter.of(amounts) - before.in(counter);
            }
            live.put(exchange, new Live(granted.reservation(), before.since()));
        }
        return answer;
    }

    @Override
    public Future<Void> settle(ExchangeId exchange, Reservation held, Spend actual) {
        end(exchange, held, actual);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> release(ExchangeId exchange, Reservation held) {
        end(exchange, held, NOTHING);
        return Future.succeededFuture();
    }

    private void end(ExchangeId exchange, Reservation held, Spend actual) {
        synchronized (lock) {
            Live hold = live.remove(exchange);
            Reservation before = ended.get(exchange);
            if (hold == null && before != null && before.counters().isEmpty()) {
                return;
            }
            for (String counter : held.counters()) {
                accounts.of(counter).spent += held.chargeTo(counter, actual);
            }
            if (hold != null) {
                hold.held()
                        .counters()
                        .forEach(counter ->
                                accounts.of(counter).held -= hold.held().heldIn(counter));
            } else if (before != null) {
                before.counters().forEach(counter -> accounts.of(counter).spent -= before.heldIn(counter));
            }
            ended.put(exchange, DONE);
        }
    }

    @Override
    public Future<List<Level>> levels(List<String> counters) {
        synchronized (lock) {
            return Future.succeededFuture(counters.stream().map(accounts::level).toList());
        }
    }

    @Override
    public Future<Page> page(String cursor, int max) {
        synchronized (lock) {
            return Future.succeededFuture(accounts.page(cursor, max));
        }
    }

    @Override
    public Future<Contents> contents(int max) {
        synchronized (lock) {
            List<LiveHold> holds = live.entrySet().stream()
                    .limit(max)
                    .map(hold -> new LiveHold(
                            hold.getKey(),
                            hold.getValue().since(),
                            hold.getValue().held()))
                    .toList();
            Page levels = accounts.page("", max);
            boolean isWhole = accounts.size() <= max && live.size() <= max;
            return Future.succeededFuture(new Contents(levels.levels(), holds, isWhole));
        }
    }

    @Override
    public Future<Integer> sweep() {
        Instant now = clock.instant();
        int swept = 0;
        synchronized (lock) {
            for (Iterator<Map.Entry<ExchangeId, Live>> holds = live.entrySet().iterator(); holds.hasNext(); ) {
                Map.Entry<ExchangeId, Live> hold = holds.next();
                Reservation held = hold.getValue().held();
                if (held.leaseUntil().isBefore(now)) {
                    for (String counter : held.counters()) {
                        accounts.of(counter).held -= held.heldIn(counter);
                        accounts.of(counter).spent += held.heldIn(counter);
                    }
                    ended.put(hold.getKey(), held);
                    holds.remove();
                    swept++;
                }
            }
            accounts.forget(now);
        }
        return Future.succeededFuture(swept);
    }

    @Override
    public Future<Boolean> isIntact() {
        return Future.succeededFuture(true);
    }

    /** None: nothing outlives the process. */
    @Override
    public Future<List<OpenHold>> unfinished() {
        return Future.succeededFuture(List.of());
    }

    @Override
    public Future<Void> restore(Map<String, Long> spent, List<OpenHold> open) {
        Instant now = clock.instant();
        synchronized (lock) {
            spent.forEach((key, amount) -> accounts.of(key).spent += amount);
            for (OpenHold hold : open) {
                Reservation held = hold.held();
                if (!ended.containsKey(hold.exchange())
                        && live.putIfAbsent(hold.exchange(), new Live(held, now)) == null) {
                    held.counters().forEach(counter -> accounts.of(counter).held += held.heldIn(counter));
                }
            }
        }
        return Future.succeededFuture();
    }

    private record Live(Reservation held, Instant since) {
        long in(Counter counter) {
            return held.counters().contains(counter.key()) ? held.heldIn(counter.key()) : 0;
        }
    }

    /** Checks that what is held is what live holds hold; called by tests after each step. */
    @Nullable
    String inconsistency() {
        synchronized (lock) {
            Map<String, Long> sums = new HashMap<>();
            for (Live hold : live.values()) {
                for (String counter : hold.held().counters()) {
                    sums.merge(counter, hold.held().heldIn(counter), Long::sum);
                }
            }
            return accounts.inconsistency(sums);
        }
    }
}
