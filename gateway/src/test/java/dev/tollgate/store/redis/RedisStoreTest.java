package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.lettuce.core.RedisException;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedisStoreTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final List<Ledger.Counter> COUNTERS =
            List.of(Entries.counter("a", "a", 100, Instant.parse("2099-01-01T00:00:00Z")));

    @Test
    void open_withoutAServer_fails() {
        assertThatThrownBy(() -> RedisStore.open("redis://127.0.0.1:1", TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Redis cannot be reached");
    }

    @Test
    void serverGone_failsCallsSoon_insteadOfHoldingThem() throws Exception {
        RedisProcess process = new RedisProcess();
        try (RedisStore store = RedisStore.open(process.uri(), TIMEOUT)) {
            Ledger ledger = store.ledger("test", RedisLedgerTest.self("node"));
            await(ledger.restore(Map.of(), List.of()));
            assertThat(await(reserve(ledger, "ex_1"))).isInstanceOf(Granted.class);

            process.close();

            assertThatThrownBy(() -> await(reserve(ledger, "ex_2"))).hasCauseInstanceOf(RedisException.class);
        }
    }

    @Test
    void serverReplacedByAnEmptyOne_holdsWhatTheNodeKnows_withWhatEndedMeanwhile() throws Exception {
        RedisProcess process = new RedisProcess();
        try (RedisStore store = RedisStore.open(process.uri(), TIMEOUT)) {
            Ledger ledger = store.ledger("test", RedisLedgerTest.self("node"));
            await(ledger.restore(Map.of(), List.of()));
            Granted ended = (Granted) await(reserve(ledger, "ex_1"));
            assertThat(await(reserve(ledger, "ex_2"))).isInstanceOf(Granted.class);
            process.close();
            assertThatThrownBy(() ->
                            await(ledger.settle(new ExchangeId("ex_1"), ended.reservation(), Spend.of(new NanoUsd(3)))))
                    .isNotNull();
            assertThatThrownBy(() -> await(reserve(ledger, "ex_lost"))).isNotNull();

            try (RedisProcess empty = process.another()) {
                returned(ledger);

                assertThat(empty.connection().sync().dbsize()).isPositive();
                assertThat(await(ledger.levels(List.of("a")))).containsExactly(new Ledger.Level("a", 3, 10));
                assertThat(await(ledger.isIntact())).isTrue();
            }
        }
    }

    @Test
    void callThatWasLetPass_whileNobodyCouldReserve_isCountedLater() throws Exception {
        RedisProcess process = new RedisProcess();
        try (RedisStore store = RedisStore.open(process.uri(), TIMEOUT)) {
            Ledger ledger = store.ledger("test", RedisLedgerTest.self("node"));
            await(ledger.restore(Map.of(), List.of()));
            assertThat(await(reserve(ledger, "ex_before"))).isInstanceOf(Granted.class);
            process.close();
            assertThatThrownBy(() -> await(reserve(ledger, "ex_1"))).isNotNull();
            assertThatThrownBy(() -> await(reserve(ledger, "ex_2"))).isNotNull();
            Reservation bare = Reservation.bare(Amounts.of(new NanoUsd(10)), List.of("a"), Instant.MAX);
            assertThatThrownBy(() -> await(ledger.settle(new ExchangeId("ex_1"), bare, Spend.of(new NanoUsd(3)))))
                    .isNotNull();

            try (RedisProcess empty = process.another()) {
                returned(ledger);

                assertThat(await(ledger.levels(List.of("a")))).containsExactly(new Ledger.Level("a", 3, 10));
                await(ledger.settle(new ExchangeId("ex_2"), bare, Spend.of(new NanoUsd(4))));
                await(ledger.settle(new ExchangeId("ex_2"), bare, Spend.of(new NanoUsd(4))));
                await(ledger.settle(new ExchangeId("ex_1"), bare, Spend.of(new NanoUsd(3))));
                assertThat(await(ledger.levels(List.of("a")))).containsExactly(new Ledger.Level("a", 7, 10));
                assertThat(empty.connection().sync().dbsize()).isPositive();
            }
        }
    }

    private static void returned(Ledger ledger) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!await(ledger.sweep().map(swept -> true).otherwise(false))) {
            assertThat(System.nanoTime()).isLessThan(until);
        }
        await(ledger.sweep());
    }

    @CanIgnoreReturnValue
    private static Future<Ledger.Answer> reserve(Ledger ledger, String exchange) {
        return ledger.reserve(new ExchangeId(exchange), COUNTERS, Amounts.of(new NanoUsd(10)), Duration.ofMinutes(1));
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
}
