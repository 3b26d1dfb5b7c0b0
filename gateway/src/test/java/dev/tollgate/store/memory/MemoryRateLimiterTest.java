package dev.tollgate.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.RateLimiter;
import dev.tollgate.budget.RateLimiter.Answer.Refused;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.store.RateLimiterContract;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemoryRateLimiterTest extends RateLimiterContract {
    private Instant now = Instant.parse("2026-05-04T10:00:00Z");

    @Override
    protected RateLimiter limiter() {
        return new MemoryRateLimiter(() -> now);
    }

    @Test
    void bucket_afterThePause_fits() {
        RateLimiter limiter = limiter();
        admitted(limiter, demand(bucket("b", 10), 10));
        Duration pause = ((Refused) admit(limiter, exchange(), demand(bucket("b", 10), 1))).pause();
        assertThat(pause).isEqualTo(Duration.ofMinutes(6));

        now = now.plus(pause);

        assertThat(admitted(limiter, demand(bucket("b", 10), 1)).allowance().shares())
                .extracting(Share::remaining)
                .containsExactly(0L);
    }

    @Test
    void window_whenTheNextBegins_isEmptyAndKeepsNothingOfTheLast() {
        RateLimiter limiter = limiter();
        now = now.plusSeconds(3000);
        var exchange = exchange();
        Share share = admitted(limiter, exchange, demand(window("w", 10), 10))
                .allowance()
                .shares()
                .get(0);
        assertThat(share.resetMillis()).isEqualTo(600_000);

        now = now.plusSeconds(600);
        admitted(limiter, demand(window("w", 10), 4));
        await(limiter.end(exchange, java.util.List.of(new RateLimiter.Correction(share, -10))));

        assertThat(admitted(limiter, demand(window("w", 10), 6)).allowance().shares())
                .extracting(Share::remaining)
                .containsExactly(0L);
    }
}
