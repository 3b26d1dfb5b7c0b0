package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.store.TcpGate;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A call that waits for a person gives its hold back and goes on later under the same id, while Redis is away or just back, with all that it held
 * before: what it then comes to is counted once.
 */
class PausedHoldTest {
    private static final Counter HUNDRED = Entries.counter("a", "a", 100, Instant.parse("2099-01-01T00:00:00Z"));
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final ExchangeId CALL = new ExchangeId("ex_paused");
    private static final Amounts TEN = Amounts.of(new NanoUsd(10));

    private final RedisProcess redis = new RedisProcess();
    private TcpGate gate;
    private RedisStore store;
    private Ledger ledger;

    @BeforeEach
    void open() throws Exception {
        gate = new TcpGate(redis.uri());
        store = RedisStore.open(gate.uri(), Duration.ofSeconds(2));
        ledger = store.ledger(
                "paused", new RedisLedger.Self("one", Set.of(), met -> {}, counter -> true, InstantSource.system()));
        await(ledger.restore(Map.of(), List.of()));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        gate.close();
        redis.close();
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> answer) throws TimeoutException {
        return answer.await(10, TimeUnit.SECONDS);
    }

    private Reservation reserved() throws Exception {
        return ((Granted) await(ledger.reserve(CALL, List.of(HUNDRED), TEN, LEASE))).reservation();
    }

    private void back() throws Exception {
        gate.open();
        for (int i = 0; i < 200; i++) {
            if (await(ledger.sweep().map(true).otherwise(false))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("Redis is not back");
    }

    private void assertSpent(long spent) throws Exception {
        assertThat(await(ledger.contents(10)).levels()).containsExactly(new Level("a", spent, 0));
        assertThat(await(ledger.contents(10)).holds()).isEmpty();
    }

    private static Spend seven() {
        return Spend.of(new NanoUsd(7));
    }

    @Test
    void pausedBefore_andGoingOnUncovered_isCountedWhenRedisIsBack() throws Exception {
        await(ledger.pause(CALL, reserved()));
        gate.shut();
        assertThat(await(ledger.reserve(CALL, List.of(HUNDRED), TEN, LEASE).otherwiseEmpty()))
                .isNull();
        await(ledger.settle(CALL, Reservation.bare(TEN, List.of("a"), Instant.MAX), seven())
                .otherwiseEmpty());

        back();

        assertSpent(7);
        await(ledger.settle(CALL, Reservation.bare(TEN, List.of("a"), Instant.MAX), seven()));
        assertSpent(7);
    }

    @Test
    void pausedWhileAway_andGoingOnUncovered_isCountedWhenRedisIsBack() throws Exception {
        Reservation held = reserved();
        gate.shut();
        await(ledger.pause(CALL, held).otherwiseEmpty());
        await(ledger.reserve(CALL, List.of(HUNDRED), TEN, LEASE).otherwiseEmpty());
        await(ledger.settle(CALL, Reservation.bare(TEN, List.of("a"), Instant.MAX), seven())
                .otherwiseEmpty());

        back();

        assertSpent(7);
    }

    @Test
    void pausedBefore_andGoingOnWithinTheShare_isHeldAndCountedWhenRedisIsBack() throws Exception {
        await(ledger.pause(CALL, reserved()));
        gate.shut();
        Reservation share = ((Granted) await(ledger.reserveShare(CALL, List.of(HUNDRED), TEN, LEASE))).reservation();

        back();

        assertThat(await(ledger.contents(10)).levels()).containsExactly(new Level("a", 0, 10));
        await(ledger.settle(CALL, share, seven()));
        assertSpent(7);
    }

    @Test
    void pausedWhileAway_andGoingOnWhenRedisIsBack_holdsAnew() throws Exception {
        Reservation held = reserved();
        gate.shut();
        await(ledger.pause(CALL, held).otherwiseEmpty());
        gate.open();

        Reservation again = null;
        for (int i = 0; again == null && i < 200; i++) {
            again = await(ledger.reserve(CALL, List.of(HUNDRED), Amounts.of(new NanoUsd(20)), LEASE)
                    .map(answer -> ((Granted) answer).reservation())
                    .otherwiseEmpty());
            TimeUnit.MILLISECONDS.sleep(20);
        }
        back();

        assertThat(await(ledger.contents(10)).levels()).containsExactly(new Level("a", 0, 20));
        assertThat(await(ledger.contents(10)).holds())
                .extracting(LiveHold::exchange)
                .containsExactly(CALL);
        await(ledger.settle(CALL, again, seven()));
        assertSpent(7);
    }

    @Test
    void pausedAndNeverGoingOn_holdsNothing() throws Exception {
        Reservation held = reserved();
        gate.shut();
        await(ledger.pause(CALL, held).otherwiseEmpty());

        back();

        assertSpent(0);
    }
}
