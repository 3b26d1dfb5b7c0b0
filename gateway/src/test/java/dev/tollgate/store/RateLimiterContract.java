package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.budget.RateLimiter.Answer;
import dev.tollgate.budget.RateLimiter.Answer.Admitted;
import dev.tollgate.budget.RateLimiter.Answer.Refused;
import dev.tollgate.budget.RateLimiter.Correction;
import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.value.RateLimit.Shape;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every rate limiter does, whatever it is made of. Periods are so long that what comes back during a test does not count. */
public abstract class RateLimiterContract {
    private static final long HOUR = 3_600_000;
    private int exchanges;

    /** One in which nothing was taken. */
    protected abstract RateLimiter limiter();

    @Test
    void admit_takesFromEveryLimit() {
        RateLimiter limiter = limiter();

        Admitted admitted = admitted(limiter, demand(bucket("b", 10), 3), demand(window("w", 5), 1));

        assertThat(admitted.allowance().shares()).extracting(Share::amount).containsExactly(3L, 1L);
        assertThat(admitted.allowance().shares()).extracting(Share::remaining).containsExactly(7L, 4L);
        assertThat(admitted.allowance().shares().get(0).resetMillis()).isBetween(HOUR * 3 / 10 - 5, HOUR * 3 / 10);
        assertThat(admitted.allowance().shares().get(1).resetMillis()).isBetween(1L, HOUR);
        assertThat(admitted.exceeded()).isEmpty();
    }

    @Test
    void admit_takesFromNone_whereOneDoesNotFit() {
        RateLimiter limiter = limiter();
        admitted(limiter, demand(window("w", 5), 4));

        Answer answer = admit(limiter, exchange(), demand(bucket("b", 10), 3), demand(window("w", 5), 2));

        assertThat(answer).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.tightest().key()).isEqualTo("w");
            assertThat(refused.remaining()).isEqualTo(1);
            assertThat(refused.pause().toMillis()).isBetween(1L, HOUR);
            assertThat(refused.standing().shares()).extracting(Share::remaining).containsExactly(10L, 1L);
        });
        assertThat(admitted(limiter, demand(bucket("b", 10), 10)).allowance().shares())
                .extracting(Share::remaining)
                .containsExactly(0L);
    }

    @Test
    void bucket_beyondItsSize_tellsWhenItFits() {
        RateLimiter limiter = limiter();
        admitted(limiter, demand(bucket("b", 10), 10));

        assertThat(admit(limiter, exchange(), demand(bucket("b", 10), 2)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.pause().toMillis()).isBetween(HOUR / 5 - 1000, HOUR / 5));
    }

    @Test
    void bucket_withASmallSize_refusesWhatComesAtOnce() {
        RateLimiter limiter = limiter();
        RateLimit smooth = new RateLimit("b", Metric.REQUESTS, Shape.BUCKET, 100, HOUR, 2, true);

        assertThat(admit(limiter, exchange(), demand(smooth, 1))).isInstanceOf(Admitted.class);
        assertThat(admit(limiter, exchange(), demand(smooth, 1))).isInstanceOf(Admitted.class);
        assertThat(admit(limiter, exchange(), demand(smooth, 1)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.pause().toMillis()).isBetween(HOUR / 100 - 1000, HOUR / 100));
    }

    @Test
    void demand_aboveTheWholeLimit_takesAllOfIt() {
        RateLimiter limiter = limiter();

        assertThat(admitted(limiter, demand(bucket("b", 10), 99)).allowance().shares())
                .extracting(Share::amount)
                .containsExactly(10L);
        assertThat(admit(limiter, exchange(), demand(bucket("b", 10), 1))).isInstanceOf(Refused.class);
    }

    @Test
    void observed_limits_countAndRefuseNobody() {
        RateLimiter limiter = limiter();
        RateLimit observed = new RateLimit("o", Metric.REQUESTS, Shape.WINDOW, 1, HOUR, 1, false);
        admitted(limiter, demand(observed, 1));

        assertThat(admitted(limiter, demand(observed, 1)).exceeded()).containsExactly(observed);
    }

    @Test
    void end_corrects_whatWasTaken() {
        RateLimiter limiter = limiter();
        ExchangeId exchange = exchange();
        List<Share> shares = admitted(limiter, exchange, demand(bucket("b", 100), 50), demand(window("w", 100), 50))
                .allowance()
                .shares();

        await(limiter.end(exchange, List.of(new Correction(shares.get(0), -40), new Correction(shares.get(1), 30))));

        assertThat(admitted(limiter, demand(bucket("b", 100), 0), demand(window("w", 100), 0))
                        .allowance()
                        .shares())
                .extracting(Share::remaining)
                .containsExactly(90L, 20L);
    }

    @Test
    void end_beyondTheLimit_makesOthersWaitTheLonger() {
        RateLimiter limiter = limiter();
        ExchangeId exchange = exchange();
        Share share = admitted(limiter, exchange, demand(bucket("b", 100), 10))
                .allowance()
                .shares()
                .get(0);

        await(limiter.end(exchange, List.of(new Correction(share, 190))));

        assertThat(admit(limiter, exchange(), demand(bucket("b", 100), 1)))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.remaining()).isZero();
                    assertThat(refused.pause().toMillis()).isBetween(HOUR, HOUR * 2);
                });
    }

    @Test
    void slots_comeBackWithTheEndOfTheCall() {
        RateLimiter limiter = limiter();
        ExchangeId first = exchange();
        Share slot = admitted(limiter, first, demand(slots("s", 2), 1))
                .allowance()
                .shares()
                .get(0);
        admitted(limiter, demand(slots("s", 2), 1));
        assertThat(admit(limiter, exchange(), demand(slots("s", 2), 1)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.pause().toMillis()).isEqualTo(1000));

        await(limiter.renew());
        await(limiter.end(first, List.of(new Correction(slot, -1))));

        assertThat(admitted(limiter, demand(slots("s", 2), 1)).allowance().shares())
                .extracting(Share::remaining)
                .containsExactly(0L);
    }

    @Test
    void manyAtOnce_neverGetMoreThanTheLimit() throws Exception {
        RateLimiter limiter = limiter();
        AtomicInteger passed = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(200);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 200; i++) {
            ExchangeId exchange = exchange();
            threads.execute(() -> {
                if (admit(limiter, exchange, demand(bucket("b", 60), 1), demand(slots("s", 50), 1))
                        instanceof Admitted) {
                    passed.incrementAndGet();
                }
                done.countDown();
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();
        assertThat(passed).hasValue(50);
    }

    @CanIgnoreReturnValue
    protected Admitted admitted(RateLimiter limiter, Demand... demands) {
        return admitted(limiter, exchange(), demands);
    }

    @CanIgnoreReturnValue
    protected static Admitted admitted(RateLimiter limiter, ExchangeId exchange, Demand... demands) {
        return (Admitted) admit(limiter, exchange, demands);
    }

    @CanIgnoreReturnValue
    protected static Answer admit(RateLimiter limiter, ExchangeId exchange, Demand... demands) {
        return await(limiter.admit(exchange, List.of(demands)));
    }

    protected static Demand demand(RateLimit limit, long amount) {
        return new Demand(limit, limit.id(), "", amount);
    }

    protected static RateLimit bucket(String id, long most) {
        return new RateLimit(id, Metric.TOKENS, Shape.BUCKET, most, HOUR, most, true);
    }

    protected static RateLimit window(String id, long most) {
        return new RateLimit(id, Metric.REQUESTS, Shape.WINDOW, most, HOUR, most, true);
    }

    protected static RateLimit slots(String id, long most) {
        return new RateLimit(id, Metric.CONCURRENCY, Shape.SLOTS, most, 0, most, true);
    }

    @CanIgnoreReturnValue
    protected static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    protected ExchangeId exchange() {
        return new ExchangeId("rx_" + exchanges++);
    }
}
