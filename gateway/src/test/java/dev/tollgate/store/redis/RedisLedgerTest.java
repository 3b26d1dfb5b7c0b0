package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.store.LedgerContract;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisLedgerTest extends LedgerContract {
    private static RedisProcess redis;

    @BeforeAll
    static void start() {
        redis = new RedisProcess();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Override
    protected Ledger ledger() {
        Ledger ledger = emptied();
        await(ledger.restore(Map.of(), List.of()));
        return ledger;
    }

    @Override
    protected Ledger emptied() {
        redis.connection().sync().flushall();
        return RedisLedger.on(redis.connection(), "test");
    }

    @Override
    protected void letShortLeasesRunOut() {
        List<String> before = redis.connection().sync().time();
        long until = millis(before) + 5;
        while (millis(redis.connection().sync().time()) < until) {
            Thread.onSpinWait();
        }
    }

    @CanIgnoreReturnValue
    private static long millis(List<String> time) {
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    @Test
    void flush_refusesUntilRestored_andChargesNothingMeanwhile() {
        Ledger ledger = ledger();
        ExchangeId before = exchange();
        Reservation held = granted(ledger, before, 60, counter());
        redis.connection().sync().flushall();

        assertThat(await(ledger.isIntact())).isFalse();
        assertThatThrownBy(() -> reserve(ledger, exchange(), 1, counter())).hasStackTraceContaining("not yet restored");
        await(ledger.settle(before, held, new NanoUsd(25)));
        await(ledger.restore(Map.of("a", new NanoUsd(25)), List.of()));

        assertThat(levels(ledger, "a").get(0).spent()).isEqualTo(new NanoUsd(25));
        granted(ledger, exchange(), 75, counter());
    }

    @Test
    void restore_leavesAnIntactLedgerAlone() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 60, counter());

        await(ledger.restore(Map.of("a", new NanoUsd(99)), List.of()));

        assertThat(levels(ledger, "a")).containsExactly(new Ledger.Level("a", NanoUsd.ZERO, new NanoUsd(60)));
    }

    @Test
    void scriptFlush_goesUnnoticed() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter());
        redis.connection().sync().scriptFlush();

        await(ledger.settle(exchange, held, new NanoUsd(25)));

        assertThat(levels(ledger, "a").get(0).spent()).isEqualTo(new NanoUsd(25));
    }

    @Test
    void counters_andEndedHolds_expire() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter());

        await(ledger.settle(exchange, held, new NanoUsd(25)));

        assertThat(redis.connection().sync().keys("*"))
                .allSatisfy(key -> assertThat(key.endsWith(":epoch")
                                || redis.connection().sync().pttl(key)
                                        > Duration.ofHours(1).toMillis())
                        .as(key)
                        .isTrue());
    }

    @CanIgnoreReturnValue
    private static Ledger.Counter counter() {
        return new Ledger.Counter("a", "budget-a", new NanoUsd(100), END_OF_PERIOD);
    }
}
