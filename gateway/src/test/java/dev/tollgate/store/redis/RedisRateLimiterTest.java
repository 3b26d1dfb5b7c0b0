package dev.tollgate.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.RateLimiter;
import dev.tollgate.budget.RateLimiter.Answer.Admitted;
import dev.tollgate.budget.RateLimiter.Answer.Refused;
import dev.tollgate.store.RateLimiterContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisRateLimiterTest extends RateLimiterContract {
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
    protected RateLimiter limiter() {
        redis.connection().sync().flushall();
        return node(RateLimiter.SLOT_LEASE);
    }

    private static RateLimiter node(Duration lease) {
        return new RedisRateLimiter(redis.connection().async(), "test", lease);
    }

    @Test
    void nodes_shareTheirLimits() {
        RateLimiter one = limiter();
        RateLimiter two = node(RateLimiter.SLOT_LEASE);
        admitted(one, demand(bucket("b", 2), 2));

        assertThat(admit(two, exchange(), demand(bucket("b", 2), 1))).isInstanceOf(Refused.class);
    }

    @Test
    void slot_ofAKilledNode_comesFreeWithItsLease_andOfALivingOneNot() {
        redis.connection().sync().flushall();
        RateLimiter killed = node(Duration.ofMillis(150));
        RateLimiter living = node(Duration.ofMillis(150));
        admitted(killed, demand(slots("s", 2), 1));
        admitted(living, demand(slots("s", 2), 1));

        long until = System.nanoTime() + Duration.ofMillis(400).toNanos();
        while (System.nanoTime() < until) {
            await(living.renew());
        }

        assertThat(admit(living, exchange(), demand(slots("s", 2), 1))).isInstanceOf(Admitted.class);
        assertThat(admit(living, exchange(), demand(slots("s", 2), 1))).isInstanceOf(Refused.class);
    }

    @Test
    void scripts_flushed_areSentAgain() {
        RateLimiter limiter = limiter();
        admitted(limiter, demand(bucket("b", 5), 1));
        redis.connection().sync().scriptFlush();

        assertThat(admit(limiter, exchange(), demand(bucket("b", 5), 1))).isInstanceOf(Admitted.class);
    }

    @Test
    void counters_whoseTimeHasPassed_areForgotten() {
        RateLimiter limiter = limiter();
        admitted(limiter, demand(bucket("b", 5), 1), demand(window("w", 5), 1), demand(slots("s", 5), 1));

        assertThat(redis.connection().sync().keys("*"))
                .hasSize(3)
                .allSatisfy(
                        key -> assertThat(redis.connection().sync().pttl(key)).isPositive());
    }
}
