package dev.tollgate.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A ledger that cannot be reached. */
public final class AwayLedger implements Ledger {
    @Override
    public Future<Answer> reserve(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        return away();
    }

    @Override
    public Future<Void> settle(ExchangeId exchange, Reservation held, Spend actual) {
        return away();
    }

    @Override
    public Future<Answer> raise(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        return away();
    }

    @Override
    public Future<Void> release(ExchangeId exchange, Reservation held) {
        return away();
    }

    @Override
    public Future<List<Level>> levels(List<String> counters) {
        return away();
    }

    @Override
    public Future<Page> page(String cursor, int max) {
        return away();
    }

    @Override
    public Future<Contents> contents(int max) {
        return away();
    }

    @Override
    public Future<Integer> sweep() {
        return away();
    }

    @Override
    public Future<Boolean> isIntact() {
        return away();
    }

    @Override
    public Future<List<OpenHold>> unfinished() {
        return away();
    }

    @Override
    public Future<Void> restore(Map<String, Long> spent, List<OpenHold> open) {
        return away();
    }

    @CanIgnoreReturnValue
    private static <T> Future<T> away() {
        return Future.failedFuture("connection refused");
    }
}
