package dev.tollgate.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A ledger whose every answer is compared with that of a {@link MoneyOracle} told the same in the same order. One lock makes the order: a
 * ledger in memory has decided when it returns, one connection to Redis keeps the order of its commands.
 */
public final class WitnessLedger implements Ledger {
    public final MoneyOracle oracle = new MoneyOracle();
    /** Answers that the oracle would not have given. */
    public final List<String> disagreements = new CopyOnWriteArrayList<>();

    private final Ledger ledger;

    public WitnessLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    private static List<MoneyOracle.Claim> claims(List<Counter> counters, Amounts amounts) {
        return counters.stream()
                .map(counter -> new MoneyOracle.Claim(
                        counter.key(), counter.of(amounts), counter.isEnforced() ? counter.limit() : -1))
                .toList();
    }

    private Future<Answer> compared(String what, ExchangeId exchange, boolean fits, Future<Answer> answer) {
        return answer.onComplete(done -> {
            if (done.failed() || fits != done.result() instanceof Answer.Granted) {
                disagreements.add(what + " of " + exchange + (fits ? " fits" : " does not fit") + ", answered "
                        + (done.failed() ? done.cause() : done.result()));
            }
        });
    }

    @Override
    public synchronized Future<Answer> reserve(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        boolean fits = oracle.reserve(exchange.value(), claims(counters, amounts));
        return compared("reserve", exchange, fits, ledger.reserve(exchange, counters, amounts, lease));
    }

    @Override
    public synchronized Future<Answer> raise(
            ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        if (!oracle.holding().contains(exchange.value())) {
            // Its client left while it was asked for: there is nothing to raise any more.
            return ledger.raise(exchange, counters, amounts, lease);
        }
        boolean fits = oracle.raise(exchange.value(), claims(counters, amounts));
        return compared("raise", exchange, fits, ledger.raise(exchange, counters, amounts, lease));
    }

    @Override
    public synchronized Future<Void> settle(ExchangeId exchange, Reservation held, Spend actual) {
        Map<String, Long> charges = new HashMap<>();
        held.counters().forEach(counter -> charges.put(counter, held.chargeTo(counter, actual)));
        oracle.finish(exchange.value(), charges);
        return ledger.settle(exchange, held, actual);
    }

    @Override
    public synchronized Future<Void> release(ExchangeId exchange, Reservation held) {
        oracle.finish(exchange.value(), Map.of());
        return ledger.release(exchange, held);
    }

    @Override
    public Future<Page> page(String cursor, int max) {
        return ledger.page(cursor, max);
    }

    @Override
    public Future<Contents> contents(int max) {
        return ledger.contents(max);
    }

    @Override
    public Future<List<Level>> levels(List<String> counters) {
        return ledger.levels(counters);
    }

    @Override
    public Future<Integer> sweep() {
        return ledger.sweep();
    }

    @Override
    public Future<Boolean> isIntact() {
        return ledger.isIntact();
    }

    @Override
    public Future<List<OpenHold>> unfinished() {
        return ledger.unfinished();
    }

    @CanIgnoreReturnValue
    @Override
    public Future<Void> restore(Map<String, Long> spent, List<OpenHold> open) {
        return ledger.restore(spent, open);
    }
}
