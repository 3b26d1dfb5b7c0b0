package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the counters say after a gateway was stopped at any point of a call. */
final class LedgerOpeningTest {
    private static final Counter TOTAL = Entries.counter("total/all/lifetime", "total", 10_000, Instant.MAX);
    private static RedisProcess redis;

    @TempDir
    private Path data;

    @BeforeAll
    static void startRedis() {
        redis = new RedisProcess();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void emptyRedis() {
        redis.connection().sync().flushall();
    }

    @Test
    void stoppedAnywhere_inMemory_isChargedAsTheLogSays() throws Exception {
        Bundle settings = settings();
        stopEverywhere(settings);

        assertThat(levelAfterStart(settings)).isEqualTo(level(300 + 30 + 1000 + 1000, 0));
        assertThat(levelAfterStart(settings)).isEqualTo(level(300 + 30 + 1000 + 1000, 0));
    }

    @Test
    void stoppedAnywhere_inRedis_isChargedAsTheLogSays_andAsWasSettledBefore() throws Exception {
        Bundle settings = settings("store.redis=" + redis.uri());
        stopEverywhere(settings);

        assertThat(levelAfterStart(settings)).isEqualTo(level(300 + 30 + 1000 + 7, 0));
        assertThat(levelAfterStart(settings)).isEqualTo(level(300 + 30 + 1000 + 7, 0));
    }

    @Test
    void stoppedAnywhere_andRedisEmptied_isChargedAsTheLogSays() throws Exception {
        Bundle settings = settings("store.redis=" + redis.uri());
        stopEverywhere(settings);
        redis.connection().sync().flushall();

        assertThat(levelAfterStart(settings)).isEqualTo(level(300 + 30 + 1000 + 1000, 0));
        redis.connection().sync().flushall();
        assertThat(levelAfterStart(settings)).isEqualTo(level(300 + 30 + 1000 + 1000, 0));
    }

    @Test
    void twoNodes_knowEachOtherFromTheLog_andWaitForEachOther(@TempDir Path otherData) throws Exception {
        Bundle settings = settings("store.redis=" + redis.uri());
        Stores one = open(settings, data);
        Stores other = open(settings, otherData);
        await(other.ledger().settle(id("ex_2"), reserve(other, "ex_2"), Spend.of(new NanoUsd(40))));
        record(other, "ex_2", new Reservation(new NanoUsd(1000), List.of(TOTAL.key()), Instant.MAX, "", NanoUsd.ZERO));
        end(other, "ex_2", 1, 40);
        await(one.ledger().sweep());
        one.close();
        other.close();
        redis.connection().sync().flushall();

        Stores again = open(settings, data);

        assertThatThrownBy(() -> reserve(again, "ex_3")).hasStackTraceContaining("not all nodes");
        assertThat(await(again.checks().run()))
                .filteredOn(check -> !check.ok())
                .extracting(check -> check.name())
                .containsExactly("counters");
        Stores otherAgain = open(settings, otherData);
        assertThat(reserve(again, "ex_3").amount()).isEqualTo(new NanoUsd(1000));
        assertThat(await(again.ledger().levels(List.of(TOTAL.key())))).containsExactly(level(40, 1000));
        again.close();
        otherAgain.close();
    }

    /** Leaves calls behind at each point at which a process can die. */
    private void stopEverywhere(Bundle settings) throws Exception {
        Stores stores = open(settings, data);
        // Over and settled.
        Reservation over = reserve(stores, "ex_over");
        record(stores, "ex_over", over);
        end(stores, "ex_over", 1, 300);
        await(stores.ledger().settle(id("ex_over"), over, Spend.of(new NanoUsd(300))));
        // On the record, but not settled; one reached no provider.
        record(stores, "ex_unsettled", reserve(stores, "ex_unsettled"));
        end(stores, "ex_unsettled", 1, 30);
        record(stores, "ex_denied", reserve(stores, "ex_denied"));
        end(stores, "ex_denied", 0, 0);
        // Reserved, and no record of it acknowledged.
        Reservation unused = reserve(stores, "ex_unrecorded");
        assertThat(unused.amount()).isEqualTo(new NanoUsd(1000));
        // On its way to a provider.
        record(stores, "ex_open", reserve(stores, "ex_open"));
        // Settled, but the end is not on the record.
        Reservation settled = reserve(stores, "ex_settled");
        record(stores, "ex_settled", settled);
        await(stores.ledger().settle(id("ex_settled"), settled, Spend.of(new NanoUsd(7))));
        stores.close();
    }

    private Level levelAfterStart(Bundle settings) throws Exception {
        Stores stores = open(settings, data);
        Level level = await(stores.ledger().levels(List.of(TOTAL.key()))).get(0);
        stores.close();
        return level;
    }

    private static Level level(long spent, long held) {
        return new Level(TOTAL.key(), spent, held);
    }

    @CanIgnoreReturnValue
    private static Reservation reserve(Stores stores, String exchange) throws Exception {
        Ledger.Answer answer = await(stores.ledger()
                .reserve(id(exchange), List.of(TOTAL), Amounts.of(new NanoUsd(1000)), Duration.ofMinutes(30)));
        return ((Granted) answer).reservation();
    }

    private static void record(Stores stores, String exchange, Reservation held) throws Exception {
        await(stores.log()
                .append(new Received(
                        id(exchange),
                        Instant.now(),
                        "p",
                        "POST",
                        "openai/chat/completions",
                        "openai_chat",
                        "k_1",
                        "a",
                        "t",
                        "",
                        "m",
                        List.of(),
                        1,
                        "",
                        List.of(),
                        List.of(),
                        held,
                        held.amount())));
    }

    private static void end(Stores stores, String exchange, int attempts, long cost) throws Exception {
        await(stores.log()
                .append(new Ended(
                        id(exchange),
                        Instant.now(),
                        attempts > 0 ? "completed" : "denied",
                        200,
                        "",
                        "",
                        attempts,
                        Usage.NONE,
                        new NanoUsd(cost),
                        1,
                        1,
                        1)));
    }

    private static ExchangeId id(String exchange) {
        return new ExchangeId(exchange);
    }

    private static Stores open(Bundle settings, Path folder) throws IOException {
        return StoreOpening.open(settings, folder, InstantSource.system());
    }

    private static Bundle settings(String... overrides) throws Exception {
        return new PolicyLoader(null, List.of(overrides), Environment.SYSTEM)
                .load()
                .bundle();
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
