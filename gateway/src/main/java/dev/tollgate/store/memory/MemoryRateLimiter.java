package dev.tollgate.store.memory;

import dev.tollgate.budget.RateAnswer;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.value.ExchangeId;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rate limits in this process. One lock guards all counters, because what does not fit into one is taken from none. Beyond a bound, those
 * used longest ago are forgotten: counters of names that clients make up must not fill the memory.
 */
public final class MemoryRateLimiter implements RateLimiter {
    private static final int MAX_COUNTERS = 100_000;

    private final InstantSource clock;
    private final Map<String, RateCounter> counters = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RateCounter> eldest) {
            return size() > MAX_COUNTERS;
        }
    };

    public MemoryRateLimiter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Future<Answer> admit(ExchangeId exchange, List<Demand> demands) {
        Instant at = clock.instant();
        long now = at.toEpochMilli();
        RateCounter[] asked = new RateCounter[demands.size()];
        long[] waits = new long[demands.size()];
        RateAnswer answer = new RateAnswer(demands);
        synchronized (counters) {
            boolean fits = true;
            for (int i = 0; i < asked.length; i++) {
                Demand demand = demands.get(i);
                asked[i] = counters.computeIfAbsent(
                        demand.key(), unused -> RateCounter.of(demand.limit().shape()));
                waits[i] = asked[i].waitMillis(demand.limit(), demand.taken(), now);
                fits &= waits[i] == 0 || !demand.limit().isEnforced();
            }
            for (int i = 0; i < asked.length; i++) {
                Demand demand = demands.get(i);
                if (fits) {
                    asked[i].take(exchange, demand.taken());
                }
                answer.add(
                        waits[i],
                        asked[i].remaining(demand.limit()),
                        asked[i].resetMillis(demand.limit(), now),
                        asked[i].stamp());
            }
        }
        return Future.succeededFuture(answer.at(at));
    }

    @Override
    public Future<Void> end(ExchangeId exchange, List<Correction> corrections) {
        synchronized (counters) {
            for (Correction correction : corrections) {
                RateCounter counter = counters.get(correction.share().key());
                if (counter != null) {
                    counter.correct(exchange, correction.share(), correction.delta());
                }
            }
        }
        return Future.succeededFuture();
    }

    /** Nothing to do: the slots of this process end with it. */
    @Override
    public Future<Void> renew() {
        return Future.succeededFuture();
    }
}
