package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes whose Redis goes away and comes back empty: what each may spend meanwhile, and what is counted in the end. */
class LocalShareTest {
    private static final Counter HUNDRED = Entries.counter("a", "a", 100, Instant.parse("2099-01-01T00:00:00Z"));

    /** Near the clock of Redis, by which leases end. */
    private Instant now = Instant.now();

    private RedisProcess redis = new RedisProcess();
    private RedisStore firstStore;
    private RedisStore secondStore;
    private Ledger one;
    private Ledger two;
    private int exchanges;

    @BeforeEach
    void open() throws Exception {
        firstStore = RedisStore.open(redis.uri(), Duration.ofSeconds(2));
        secondStore = RedisStore.open(redis.uri(), Duration.ofSeconds(2));
        one = ledger(firstStore, "one");
        two = ledger(secondStore, "two");
        await(one.sweep());
        await(two.sweep());
    }

    @AfterEach
    void close() throws IOException {
        firstStore.close();
        secondStore.close();
        redis.close();
    }

    @Test
    void share_isHalfOfWhatWasLeft_whenLastHeardOf() throws Exception {
        spend(one, 20);
        spend(two, 20);
        spend(one, 0);
        redis.close();

        assertThatThrownBy(() -> await(one.reserve(exchange(), List.of(HUNDRED), money(1), Duration.ofMinutes(1))))
                .isNotNull();
        // Sixty were left, and none of its holds is above thirty of them.
        assertThat(share(one, 31)).isInstanceOf(Refused.class);
        assertThat(share(one, 20)).isInstanceOf(Granted.class);
        assertThat(share(one, 11)).isInstanceOf(Refused.class);
        assertThat(share(one, 10)).isInstanceOf(Granted.class);
        assertThat(share(one, 1)).isInstanceOf(Refused.class);
        redis = redis.another();
    }

    @Test
    void share_isNeverAboveHalfOfTheWholeLimit() throws Exception {
        spend(one, 45);
        redis.close();

        assertThat(share(one, 6)).isInstanceOf(Refused.class);
        assertThat(share(one, 5)).isInstanceOf(Granted.class);
        redis = redis.another();
    }

    @Test
    void share_isHalf_beforeTheOtherNodeHasBeenHeardOf() throws Exception {
        redis.connection().sync().flushall();
        Ledger early = ledger(firstStore, "one");

        assertThat(share(early, 51)).isInstanceOf(Refused.class);
        assertThat(share(early, 50)).isInstanceOf(Granted.class);
    }

    @Test
    void whatWasSpentMeanwhile_isCountedOnce_whenRedisIsBack() throws Exception {
        spend(one, 20);
        ExchangeId open = exchange();
        Reservation before = held(one.reserve(open, List.of(HUNDRED), money(10), Duration.ofMinutes(1)));
        redis.close();
        ExchangeId over = exchange();
        Reservation ended = held(one.reserveShare(over, List.of(HUNDRED), money(8), Duration.ofMinutes(1)));
        await(one.settle(over, ended, Spend.of(new NanoUsd(3))).otherwiseEmpty());
        ExchangeId later = exchange();
        Reservation still = held(one.reserveShare(later, List.of(HUNDRED), money(6), Duration.ofMinutes(1)));

        redis = redis.another();
        returned(one);
        returned(two);

        assertThat(level()).isEqualTo(new Level("a", 23, 16));
        await(one.settle(later, still, Spend.of(new NanoUsd(5))));
        await(one.settle(open, before, Spend.of(new NanoUsd(1))));
        assertThat(level()).isEqualTo(new Level("a", 29, 0));
    }

    @Test
    void afterRedisIsBack_theShareHoldsOn_untilAllMustHaveTold() throws Exception {
        spend(one, 20);
        redis.close();
        assertThat(share(one, 20)).isInstanceOf(Granted.class);
        redis = redis.another();
        returned(one);
        returned(two);

        assertThat(reserve(one, 11)).isInstanceOf(Refused.class);
        now = now.plusSeconds(11);
        assertThat(reserve(one, 11)).isInstanceOf(Granted.class);
    }

    @Test
    void hold_ofAShare_isRaisedWithinTheShare_andPutIntoRedisWhole() throws Exception {
        spend(one, 20);
        redis.close();
        ExchangeId open = exchange();
        Reservation held = held(one.reserveShare(open, List.of(HUNDRED), money(8), Duration.ofMinutes(1)));

        assertThat(raiseShare(open, 31)).isInstanceOf(Refused.class);
        assertThat(raiseShare(open, 30)).isInstanceOf(Granted.class);
        assertThat(share(one, 1)).isInstanceOf(Refused.class);
        redis = redis.another();
        returned(one);
        returned(two);

        assertThat(level()).isEqualTo(new Level("a", 20, 30));
        await(one.settle(open, held, Spend.of(new NanoUsd(25))));
        assertThat(level()).isEqualTo(new Level("a", 45, 0));
    }

    @Test
    void hold_thatRedisKnows_isRaisedWithinTheShare_whileItIsAway() throws Exception {
        ExchangeId open = exchange();
        Reservation held = held(one.reserve(open, List.of(HUNDRED), money(10), Duration.ofMinutes(1)));

        // It answers again before anybody has noticed: the hold is there, with less in it.
        assertThat(raiseShare(open, 51)).isInstanceOf(Refused.class);
        assertThat(raiseShare(open, 40)).isInstanceOf(Granted.class);
        assertThat(level()).isEqualTo(new Level("a", 0, 10));
        await(one.sweep());

        assertThat(level()).isEqualTo(new Level("a", 0, 40));
        await(one.settle(open, held, Spend.of(new NanoUsd(25))));
        assertThat(level()).isEqualTo(new Level("a", 25, 0));
    }

    @Test
    void hold_ofAShare_isRaisedInRedis_beforeAnybodyHasPutItThere() throws Exception {
        ExchangeId open = exchange();
        Reservation held = held(one.reserveShare(open, List.of(HUNDRED), money(8), Duration.ofMinutes(1)));

        assertThat(raise(open, 30)).isInstanceOf(Granted.class);
        assertThat(level()).isEqualTo(new Level("a", 0, 30));
        await(one.sweep());
        assertThat(level()).isEqualTo(new Level("a", 0, 30));
        await(one.settle(open, held, Spend.of(new NanoUsd(25))));
        assertThat(level()).isEqualTo(new Level("a", 25, 0));
    }

    @Test
    void raise_afterRedisIsBack_keepsToTheShare_untilAllMustHaveTold() throws Exception {
        ExchangeId open = exchange();
        held(one.reserveShare(open, List.of(HUNDRED), money(8), Duration.ofMinutes(1)));

        assertThat(raise(open, 51)).isInstanceOf(Refused.class);
        now = now.plusSeconds(11);
        assertThat(raise(open, 51)).isInstanceOf(Granted.class);
    }

    private static void returned(Ledger ledger) throws InterruptedException {
        for (int i = 0; i < 400; i++) {
            if (quietly(ledger.sweep())
                    && quietly(ledger.isIntact()
                            .compose(intact ->
                                    intact ? Future.succeededFuture(true) : Future.failedFuture("awaited")))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(25);
            if (i > 100) {
                break;
            }
        }
    }

    private static boolean quietly(Future<?> future) {
        try {
            Object unused = future.await(5, TimeUnit.SECONDS);
            return true;
        } catch (Exception away) { // however it fails, the caller asks again
            return false;
        }
    }

    private Level level() throws Exception {
        return await(one.levels(List.of("a"))).get(0);
    }

    private void spend(Ledger ledger, long amount) throws Exception {
        ExchangeId exchange = exchange();
        Reservation held = held(ledger.reserve(exchange, List.of(HUNDRED), money(amount), Duration.ofMinutes(1)));
        await(ledger.settle(exchange, held, Spend.of(new NanoUsd(amount))));
    }

    @CanIgnoreReturnValue
    private Answer share(Ledger ledger, long amount) throws Exception {
        return await(ledger.reserveShare(exchange(), List.of(HUNDRED), money(amount), Duration.ofMinutes(1)));
    }

    @CanIgnoreReturnValue
    private Answer reserve(Ledger ledger, long amount) throws Exception {
        return await(ledger.reserve(exchange(), List.of(HUNDRED), money(amount), Duration.ofMinutes(1)));
    }

    private Answer raiseShare(ExchangeId exchange, long amount) throws Exception {
        return await(one.raiseShare(exchange, List.of(HUNDRED), money(amount), Duration.ofMinutes(1)));
    }

    private Answer raise(ExchangeId exchange, long amount) throws Exception {
        return await(one.raise(exchange, List.of(HUNDRED), money(amount), Duration.ofMinutes(1)));
    }

    @CanIgnoreReturnValue
    private static Reservation held(Future<Answer> answer) throws Exception {
        return ((Granted) await(answer)).reservation();
    }

    private ExchangeId exchange() {
        return new ExchangeId("ex_" + exchanges++);
    }

    private static Amounts money(long nanos) {
        return Amounts.of(new NanoUsd(nanos));
    }

    private Ledger ledger(RedisStore store, String id) throws Exception {
        Ledger ledger = store.ledger(
                "test", new RedisLedger.Self(id, Set.of("one", "two"), met -> {}, counter -> true, () -> now));
        await(ledger.restore(Map.of(), List.of()));
        return ledger;
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
