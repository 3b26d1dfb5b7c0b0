package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.Entries;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Claim;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.store.LedgerContract;
import dev.tollgate.value.ExchangeId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisLedgerTest extends LedgerContract {
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

    static RedisLedger.Self self(String id, String... others) {
        return new RedisLedger.Self(id, Set.of(others), met -> {}, counter -> true, InstantSource.system());
    }

    @Test
    void scriptFlush_goesUnnoticed() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter());
        redis.process.connection().sync().scriptFlush();

        await(ledger.settle(exchange, held, money(25)));

        assertThat(levels(ledger, "a").get(0).spent()).isEqualTo(25);
    }

    @Test
    void counters_andEndedHolds_expire() {
        Ledger ledger = ledger();
        ExchangeId exchange = exchange();
        Reservation held = granted(ledger, exchange, 60, counter());

        await(ledger.settle(exchange, held, money(25)));

        assertThat(redis.process.connection().sync().keys("*"))
                .allSatisfy(key -> assertThat(key.endsWith(":nodes")
                                || key.endsWith(":counters")
                                || key.contains(":open:")
                                || redis.process.connection().sync().pttl(key)
                                        > Duration.ofHours(1).toMillis())
                        .as(key)
                        .isTrue());
    }

    @Test
    void expiredCounters_areStruckFromTheList() {
        Ledger ledger = ledger();
        granted(ledger, exchange(), 60, counter());
        redis.process.connection().sync().del("{tollgate:test}:2:counter:a");

        await(ledger.sweep());

        assertThat(redis.process.connection().sync().scard("{tollgate:test}:2:counters"))
                .isZero();
    }

    @Test
    void claim_isGivenOnce_untilItIsDoneOrRunsOut() {
        Ledger ledger = ledger();
        Ledger other = redis.node("other");

        assertThat(await(ledger.claim("a", Duration.ofMinutes(1)))).isEqualTo(Claim.OURS);
        assertThat(await(other.claim("a", Duration.ofMinutes(1)))).isEqualTo(Claim.OTHERS);
        assertThat(await(redis.node("one").claim("a", Duration.ofMinutes(1))))
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
            Ledger two = redis.node("two", "one");
            await(two.restore(Map.of(), List.of()));

            interleave(List.of(one, two), seed);
        }
    }

    @CanIgnoreReturnValue
    private static Ledger.Counter counter() {
        return Entries.counter("a", "budget-a", 100, END_OF_PERIOD);
    }
}
