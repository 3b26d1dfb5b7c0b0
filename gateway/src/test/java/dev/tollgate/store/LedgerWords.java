package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.policy.Mode;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests of ledgers say, and what each kind of ledger answers for itself. */
public abstract class LedgerWords {
    protected static final Instant END_OF_PERIOD = Instant.parse("2099-01-01T00:00:00Z");
    static final Duration LEASE = Duration.ofMinutes(30);
    private int exchanges;

    /** An empty ledger that is intact. */
    protected abstract Ledger ledger();

    /** Lets so much time pass that leases of a millisecond have run out. */
    protected abstract void letShortLeasesRunOut();

    /** Fails if the ledger's own books do not agree with each other. */
    protected void checkConsistency(Ledger ledger) {}

    /** A ledger whose store was just emptied, where that can happen; else a new one. */
    protected abstract Ledger emptied();

    /** The next life of a node, before its log was read. */
    protected abstract Ledger restarted(Ledger before);

    @CanIgnoreReturnValue
    protected final ExchangeId exchange() {
        exchanges++;
        return lastExchange();
    }

    /** The newest of them. */
    protected final ExchangeId lastExchange() {
        return new ExchangeId("ex_" + getClass().getSimpleName() + "_" + exchanges);
    }

    @CanIgnoreReturnValue
    protected static Counter counter(String key, long limit) {
        return Entries.counter(key, "budget-" + key, limit, END_OF_PERIOD);
    }

    /** What a call cost, whoever served. */
    @CanIgnoreReturnValue
    protected static Spend money(long nanos) {
        return Spend.of(new NanoUsd(nanos));
    }

    /** A refusal for money. */
    @CanIgnoreReturnValue
    protected static Refused refused(Counter tightest, long remaining) {
        return new Refused(tightest, remaining, left(remaining));
    }

    /** So much money is left; nothing else is limited. */
    static Amounts left(long nanos) {
        return new Amounts(nanos, Reservation.UNLIMITED, Reservation.UNLIMITED);
    }

    /** One of a budget that is only observed. */
    @CanIgnoreReturnValue
    static Counter observed(String key, long limit) {
        return Entries.counter(key, "budget-" + key, limit, END_OF_PERIOD, Mode.OBSERVE);
    }

    @CanIgnoreReturnValue
    protected static Level level(String key, long spent, long held) {
        return new Level(key, spent, held);
    }

    @CanIgnoreReturnValue
    protected final List<Level> levels(Ledger ledger, String... keys) {
        return await(ledger.levels(List.of(keys)));
    }

    @CanIgnoreReturnValue
    protected final Ledger.Answer reserve(Ledger ledger, ExchangeId exchange, long amount, Counter... counters) {
        return reserveFor(ledger, exchange, amount, LEASE, counters);
    }

    static Amounts amounts(long nanos) {
        return Amounts.of(new NanoUsd(nanos));
    }

    final Ledger.Answer raise(Ledger ledger, ExchangeId exchange, long amount, Counter... counters) {
        return await(ledger.raise(exchange, List.of(counters), amounts(amount), LEASE));
    }

    static Future<Ledger.Answer> raising(Ledger ledger, ExchangeId exchange, long amount) {
        Future<Ledger.Answer> raising = ledger.raise(exchange, List.of(counter("a", 100)), amounts(amount), LEASE);
        for (int i = 0; i < 2000 && !raising.isComplete(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        return raising;
    }

    @CanIgnoreReturnValue
    final Ledger.Answer reserveFor(
            Ledger ledger, ExchangeId exchange, long amount, Duration lease, Counter... counters) {
        return await(ledger.reserve(exchange, List.of(counters), Amounts.of(new NanoUsd(amount)), lease));
    }

    @CanIgnoreReturnValue
    protected final Reservation granted(Ledger ledger, ExchangeId exchange, long amount, Counter... counters) {
        return reservation(reserve(ledger, exchange, amount, counters));
    }

    @CanIgnoreReturnValue
    static Reservation reservation(Ledger.Answer answer) {
        assertThat(answer).isInstanceOf(Granted.class);
        return ((Granted) answer).reservation();
    }

    @CanIgnoreReturnValue
    protected final <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
