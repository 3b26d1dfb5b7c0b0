package dev.tollgate.budget;

import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.RateLimit;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Counters of how fast calls come. What does not fit into one of them is taken from none. A failed future means that they cannot be reached.
 *
 * <p>A limit is no budget: what a call used beyond what it took is counted when it ends, and then others wait the longer. A call that alone
 * wants more than a counter ever holds takes all of it.
 */
public interface RateLimiter {
    /** How long a slot is kept for a call of which nothing is heard: its node renews it meanwhile. */
    Duration SLOT_LEASE = Duration.ofMinutes(1);

    /**
     * Takes from all limits, or from none if an enforced one does not fit.
     *
     * @param demands no two of them of one counter
     */
    Future<Answer> admit(ExchangeId exchange, List<Demand> demands);

    /** Corrects what a call has taken, and gives its slots back. To be told once. */
    Future<Void> end(ExchangeId exchange, List<Correction> corrections);

    /** Keeps the slots of this node's calls. To be called a few times in a lease. */
    Future<Void> renew();

    /**
     * @param limit the limit
     * @param key its counter, the same for all calls that count together
     * @param target as in {@link Share}
     * @param amount what is wanted, ≥ 0
     */
    record Demand(RateLimit limit, String key, String target, long amount) {
        /** What is taken of it: no more than fits at all. */
        public long taken() {
            return Math.min(amount, limit.capacity());
        }
    }

    /**
     * @param share what was taken
     * @param delta what is taken besides, or given back if below 0
     */
    record Correction(Share share, long delta) {}

    /** What is answered. */
    sealed interface Answer {
        /**
         * @param allowance what was taken
         * @param exceeded limits that are only observed and would have refused
         */
        record Admitted(Allowance allowance, List<RateLimit> exceeded) implements Answer {}

        /**
         * @param tightest the limit that did not fit, the one that takes longest
         * @param remaining what it has left
         * @param pause until it may fit
         * @param standing how all the limits stand; nothing was taken
         */
        record Refused(Demand tightest, long remaining, Duration pause, Allowance standing) implements Answer {}
    }
}
