package dev.tollgate.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Guard;
import dev.tollgate.budget.Guards;
import dev.tollgate.budget.RateKeeper;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.budget.RateLimits;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Headers;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.RateLimitsPolicy;
import dev.tollgate.policy.RateLimitsPolicy.RateLimitEntry;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.policy.StorePolicy.WhenAway;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.Usage;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LimitStageTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Exchanges.NOW);

    private final RateKeeper keeper = new RateKeeper(new Away(), new MemoryRateLimiter(CLOCK), new Guard(CLOCK));
    private final LimitStage stage = new LimitStage(keeper, notice -> {}, CLOCK);

    @Test
    void countersAway_closed_couldNotDecide() throws Exception {
        assertThat(stage.decide(call(WhenAway.CLOSED)).failed()).isTrue();
    }

    @Test
    void countersAway_open_letsCallsPass() throws Exception {
        assertThat(stage.decide(call(WhenAway.OPEN)).result())
                .isInstanceOfSatisfying(
                        Proceed.class, proceed -> assertThat(proceed.rules()).containsExactly("limiter_away"));
    }

    @Test
    void countersAway_localShare_keepsToTheLimitsByItself() throws Exception {
        Decision first = stage.decide(call(WhenAway.LOCAL_SHARE)).result();
        Decision second = stage.decide(call(WhenAway.LOCAL_SHARE)).result();
        keeper.end(((Proceed) first).exchange(), "", Usage.NONE, null);
        Decision third = stage.decide(call(WhenAway.LOCAL_SHARE)).result();

        assertThat(first).isInstanceOf(Proceed.class);
        assertThat(second).isInstanceOf(Deny.class);
        assertThat(third).isInstanceOf(Proceed.class);
    }

    private static Exchange call(WhenAway whenAway) throws Exception {
        RateLimitEntry slot =
                new RateLimitEntry("slot", null, null, null, null, null, null, 1L, null, null, null, null, null);
        Bundle bundle = Bundles.of(
                new StorePolicy(null, null, null, null, null, whenAway), new RateLimitsPolicy(null, List.of(slot)));
        return Exchanges.routed(
                Exchanges.received(
                        Headers.NONE,
                        null,
                        Exchanges.policy(
                                bundle,
                                Map.of(
                                        RateLimits.class, RateLimits.compiler().compile(bundle),
                                        Guards.class, Guards.compiler().compile(bundle)))),
                List.of());
    }

    private static final class Away implements RateLimiter {
        @Override
        public Future<Answer> admit(ExchangeId exchange, List<Demand> demands) {
            return Future.failedFuture("away");
        }

        @Override
        public Future<Void> end(ExchangeId exchange, List<Correction> corrections) {
            return Future.failedFuture("away");
        }

        @Override
        public Future<Void> renew() {
            return Future.succeededFuture();
        }
    }
}
