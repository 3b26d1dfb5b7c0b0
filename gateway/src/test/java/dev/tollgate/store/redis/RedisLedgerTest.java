package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Claim;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.store.LedgerContract;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
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
        return node("one");
    }

    @Override
    protected Ledger restarted(Ledger before) {
        return node(((RedisLedger) before).id());
    }

    static RedisLedger.Self self(String id, String... others) {
        return new RedisLedger.Self(id, Set.of(others), met -> {}, counter -> true, InstantSource.system());
    }

    private static RedisLedger node(String id, String... others) {
        return new RedisLedger(new RedisCounters(redis.commands(), "test", id), self(id, others));
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
    void emptiedRedis_beforeTheLogWasRead_refuses() {
        assertThatThrownBy(() -> reserve(emptied(), exchange(), 1, counter()))
                .hasStackTraceContaining("not yet restored");
    }

    @Test
    void flush_inMidRun_isMadeGoodFromWhatTheNodeKnows() {
        Ledger ledger = ledger();
        ExchangeId ended = exchange();
        await(ledger.settle(ended, granted(ledger, ended, 30, counter()), money(20)));
        ExchangeId open = exchange();
        Reservation held = granted(ledger, open, 60, counter());
        redis.connection().sync().flushall();

        assertThat(await(ledger.isIntact())).isFalse();
        assertThat(reserve(ledger, exchange(), 21, counter())).isEqualTo(refused(counter(), 20));
        assertThat(levels(ledger, "a")).containsExactly(level("a", 20, 60));
        await(ledger.settle(open, held, money(25)));
        assertThat(levels(ledger, "a")).containsExactly(level("a", 45, 0));
        assertThat(await(ledger.isIntact())).isTrue();
    }

    @Test
    void callEndedWhileRedisWasEmpty_countsOnce() {
        Ledger ledger = ledger();
        ExchangeId ended = exchange();
        Reservation held = granted(ledger, ended, 60, counter());
        redis.connection().sync().flushall();

        await(ledger.settle(ended, held, money(25)));
        await(ledger.sweep());
        await(ledger.sweep());
        await(ledger.settle(ended, held, money(25)));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 25, 0));
    }

    @Test
    void flush_amidWhateverGoesOn_losesNothing() {
        for (int seed = 1; seed <= 30; seed++) {
            Ledger ledger = ledger();
            ExchangeId first = exchange();
            ExchangeId second = exchange();
            Reservation one = granted(ledger, first, 60, counter());
            List<Supplier<Future<?>>> steps = new ArrayList<>(List.of(
                    () -> ledger.settle(first, one, money(25)),
                    () -> ledger.reserve(
                            second, List.of(counter()), Amounts.of(new NanoUsd(10)), Duration.ofMinutes(1)),
                    () -> Future.fromCompletionStage(redis.connection().async().flushall()),
                    ledger::sweep,
                    ledger::sweep));
            Collections.shuffle(steps, new Random(seed));

            await(Future.join(steps.stream().map(Supplier::get).toList()));
            await(ledger.sweep());

            assertThat(levels(ledger, "a")).as("seed %s", seed).containsExactly(level("a", 25, 10));
        }
    }

    @Test
    void twoNodes_afterAFlush_bothPutBackTheirOwnBeforeAnythingIsGranted() {
        Ledger one = ledger();
        Ledger other = node("other");
        await(other.restore(Map.of(), List.of()));
        spend(one, 20);
        spend(other, 50);
        await(one.sweep());
        await(other.sweep());
        redis.connection().sync().flushall();

        assertThatThrownBy(() -> reserve(one, exchange(), 1, counter())).hasStackTraceContaining("not all nodes");
        assertThat(await(one.isIntact())).isFalse();
        await(other.sweep());

        assertThat(await(one.isIntact())).isTrue();
        assertThat(levels(one, "a")).containsExactly(level("a", 70, 0));
        assertThat(reserve(one, exchange(), 31, counter())).isInstanceOf(Ledger.Answer.Refused.class);
        assertThat(reserve(one, exchange(), 30, counter())).isInstanceOf(Ledger.Answer.Granted.class);
    }

    @Test
    void nodeThatStartsAgain_countsOnce_whetherRedisKeptItsSpendOrNot() {
        spend(ledger(), 20);
        await(node("one").restore(Map.of("a", 20L), List.of()));
        assertThat(levels(node("one"), "a")).containsExactly(level("a", 20, 0));

        redis.connection().sync().flushall();
        await(node("one").restore(Map.of("a", 20L), List.of()));
        await(node("one").restore(Map.of("a", 20L), List.of()));

        assertThat(levels(node("one"), "a")).containsExactly(level("a", 20, 0));
    }

    @Test
    void nodeThatReturnsLate_addsWhatItHadSpent() {
        Ledger one = ledger();
        spend(one, 20);

        await(node("late").restore(Map.of("a", 50L), List.of()));

        assertThat(levels(one, "a")).containsExactly(level("a", 70, 0));
    }

    @Test
    void awaitedNode_thatIsForgotten_isAwaitedByNobodyAnyMore() {
        redis.connection().sync().flushall();
        Ledger one = node("one", "gone");
        await(one.restore(Map.of(), List.of()));
        RedisNodes nodes = new RedisNodes(redis.commands(), "test");
        assertThat(await(nodes.states())).isEqualTo(Map.of("one", "here", "gone", "awaited"));
        assertThatThrownBy(() -> reserve(one, exchange(), 1, counter())).hasStackTraceContaining("not all nodes");

        assertThat(await(nodes.forget("gone"))).isTrue();
        assertThat(await(nodes.forget("gone"))).isFalse();
        assertThat(await(nodes.forget("one"))).isFalse();
        await(node("two", "gone", "one").restore(Map.of(), List.of()));

        granted(one, exchange(), 1, counter());
        assertThat(await(one.isIntact())).isTrue();
    }

    @Test
    void otherNodes_areToldOfOnce() {
        Ledger one = ledger();
        List<String> met = new ArrayList<>();
        RedisLedger two = new RedisLedger(
                new RedisCounters(redis.commands(), "test", "two"),
                new RedisLedger.Self("two", Set.of(), met::add, counter -> true, InstantSource.system()));

        await(two.restore(Map.of(), List.of()));
        await(two.sweep());

        assertThat(met).containsExactly("one");
        assertThat(await(one.isIntact())).isTrue();
    }

    @Test
    void formerLife_leavesItsHolds_toBeSettledOrReleased() {
        Ledger before = ledger();
        ExchangeId open = exchange();
        granted(before, open, 60, counter());
        spend(before, 20);

        Ledger after = node("one");
        List<Ledger.OpenHold> left = await(after.unfinished());
        await(after.restore(Map.of("a", 20L), left));
        await(after.settle(open, left.get(0).held(), money(5)));

        assertThat(left).extracting(Ledger.OpenHold::exchange).containsExactly(open);
        assertThat(left.get(0).held().amount()).isEqualTo(new NanoUsd(60));
        assertThat(left.get(0).held().counters()).containsExactly("a");
        assertThat(await(after.unfinished())).isEmpty();
        assertThat(levels(after, "a")).containsExactly(level("a", 25, 0));
    }

    private void spend(Ledger ledger, long amount) {
        ExchangeId exchange = exchange();
        await(ledger.settle(exchange, granted(ledger, exchange, amount, counter()), money(amount)));
    }

    @Test
    void restore_leavesAnIntactLedgerAlone() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 60, counter());

        await(ledger.restore(Map.of("a", 99L), List.of()));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 0, 60));
    }

    @Test
    void scriptFlush_goesUnnoticed() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter());
        redis.connection().sync().scriptFlush();

        await(ledger.settle(exchange, held, money(25)));

        assertThat(levels(ledger, "a").get(0).spent()).isEqualTo(25);
    }

    @Test
    void counters_andEndedHolds_expire() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter());

        await(ledger.settle(exchange, held, money(25)));

        assertThat(redis.connection().sync().keys("*"))
                .allSatisfy(key -> assertThat(key.endsWith(":nodes")
                                || key.endsWith(":counters")
                                || key.contains(":open:")
                                || redis.connection().sync().pttl(key)
                                        > Duration.ofHours(1).toMillis())
                        .as(key)
                        .isTrue());
    }

    @Test
    void expiredCounters_areStruckFromTheList() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 60, counter());
        redis.connection().sync().del("{tollgate:test}:2:counter:a");

        await(ledger.sweep());

        assertThat(redis.connection().sync().scard("{tollgate:test}:2:counters"))
                .isZero();
    }

    @Test
    void claim_isGivenOnce_untilItIsDoneOrRunsOut() {
        Ledger ledger = ledger();
        Ledger other = node("other");

        assertThat(await(ledger.claim("a", Duration.ofMinutes(1)))).isEqualTo(Claim.OURS);
        assertThat(await(other.claim("a", Duration.ofMinutes(1)))).isEqualTo(Claim.OTHERS);
        assertThat(await(node("one").claim("a", Duration.ofMinutes(1))))
                .as("of a former life")
                .isEqualTo(Claim.OURS);
        assertThat(await(ledger.claim("b", Duration.ofMillis(1)))).isEqualTo(Claim.OURS);
        await(ledger.claimed("a", Duration.ofMinutes(1)));
        letShortLeasesRunOut();

        assertThat(await(other.claim("a", Duration.ofMinutes(1)))).isEqualTo(Claim.DONE);
        assertThat(await(ledger.claim("a", Duration.ofMinutes(1)))).isEqualTo(Claim.DONE);
        assertThat(await(other.claim("b", Duration.ofMinutes(1)))).isEqualTo(Claim.OURS);
    }

    @Test
    void twoNodes_inAnyInterleaving_keepTheBooks() {
        for (long seed = 1; seed <= 3; seed++) {
            Ledger one = ledger();
            Ledger two = node("two", "one");
            await(two.restore(Map.of(), List.of()));

            interleave(List.of(one, two), seed);
        }
    }

    @CanIgnoreReturnValue
    private static Ledger.Counter counter() {
        return Entries.counter("a", "budget-a", 100, END_OF_PERIOD);
    }
}
