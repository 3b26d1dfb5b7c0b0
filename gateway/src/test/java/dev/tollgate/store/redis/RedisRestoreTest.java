package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.store.LedgerWords;
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

/** What is in Redis after it was emptied, or a node of several was away or starts again. */
class RedisRestoreTest extends LedgerWords {
    private static SharedRedis redis;

    @BeforeAll
    static void start() {
        redis = new SharedRedis();
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
        return redis.emptied();
    }

    @Override
    protected Ledger restarted(Ledger before) {
        return redis.node(((RedisLedger) before).id());
    }

    @Override
    protected void letShortLeasesRunOut() {
        redis.letLeasesRunOut();
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
        redis.process.connection().sync().flushall();

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
        redis.process.connection().sync().flushall();

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
                    () -> Future.fromCompletionStage(
                            redis.process.connection().async().flushall()),
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
        Ledger other = redis.node("other");
        await(other.restore(Map.of(), List.of()));
        spend(one, 20);
        spend(other, 50);
        await(one.sweep());
        await(other.sweep());
        redis.process.connection().sync().flushall();

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
        await(redis.node("one").restore(Map.of("a", 20L), List.of()));
        assertThat(levels(redis.node("one"), "a")).containsExactly(level("a", 20, 0));

        redis.process.connection().sync().flushall();
        await(redis.node("one").restore(Map.of("a", 20L), List.of()));
        await(redis.node("one").restore(Map.of("a", 20L), List.of()));

        assertThat(levels(redis.node("one"), "a")).containsExactly(level("a", 20, 0));
    }

    @Test
    void nodeThatReturnsLate_addsWhatItHadSpent() {
        Ledger one = ledger();
        spend(one, 20);

        await(redis.node("late").restore(Map.of("a", 50L), List.of()));

        assertThat(levels(one, "a")).containsExactly(level("a", 70, 0));
    }

    @Test
    void awaitedNode_thatIsForgotten_isAwaitedByNobodyAnyMore() {
        redis.process.connection().sync().flushall();
        Ledger one = redis.node("one", "gone");
        await(one.restore(Map.of(), List.of()));
        RedisNodes nodes = new RedisNodes(redis.process.commands(), "test");
        assertThat(await(nodes.states())).isEqualTo(Map.of("one", "here", "gone", "awaited"));
        assertThatThrownBy(() -> reserve(one, exchange(), 1, counter())).hasStackTraceContaining("not all nodes");

        assertThat(await(nodes.forget("gone"))).isTrue();
        assertThat(await(nodes.forget("gone"))).isFalse();
        assertThat(await(nodes.forget("one"))).isFalse();
        await(redis.node("two", "gone", "one").restore(Map.of(), List.of()));

        granted(one, exchange(), 1, counter());
        assertThat(await(one.isIntact())).isTrue();
    }

    @Test
    void otherNodes_areToldOfOnce() {
        Ledger one = ledger();
        List<String> met = new ArrayList<>();
        RedisLedger two = new RedisLedger(
                new RedisCounters(redis.process.commands(), "test", "two"),
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

        Ledger after = redis.node("one");
        List<Ledger.OpenHold> left = await(after.unfinished());
        await(after.restore(Map.of("a", 20L), left));
        await(after.settle(open, left.get(0).held(), money(5)));

        assertThat(left).extracting(Ledger.OpenHold::exchange).containsExactly(open);
        assertThat(left.get(0).held().amount()).isEqualTo(new NanoUsd(60));
        assertThat(left.get(0).held().counters()).containsExactly("a");
        assertThat(await(after.unfinished())).isEmpty();
        assertThat(levels(after, "a")).containsExactly(level("a", 25, 0));
    }

    @Test
    void restore_leavesAnIntactLedgerAlone() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 60, counter());

        await(ledger.restore(Map.of("a", 99L), List.of()));

        assertThat(levels(ledger, "a")).containsExactly(level("a", 0, 60));
    }

    private void spend(Ledger ledger, long amount) {
        ExchangeId exchange = exchange();
        await(ledger.settle(exchange, granted(ledger, exchange, amount, counter()), money(amount)));
    }

    @CanIgnoreReturnValue
    private static Ledger.Counter counter() {
        return Entries.counter("a", "budget-a", 100, END_OF_PERIOD);
    }
}
