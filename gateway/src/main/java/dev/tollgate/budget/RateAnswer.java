package dev.tollgate.budget;

import dev.tollgate.budget.RateLimiter.Answer;
import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.value.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Puts an answer together from what each counter said. */
public final class RateAnswer {
    private final List<Demand> demands;
    private final List<Share> shares;
    private List<RateLimit> exceeded = List.of();
    private int tightest = -1;
    private long longest;

    public RateAnswer(List<Demand> demands) {
        this.demands = demands;
        this.shares = new ArrayList<>(demands.size());
    }

    /**
     * Takes what the next counter said.
     *
     * @param waitMillis until the demand fits; 0 where it does
     */
    public void add(long waitMillis, long remaining, long resetMillis, long stamp) {
        Demand demand = demands.get(shares.size());
        if (waitMillis > 0) {
            if (!demand.limit().isEnforced()) {
                exceeded = exceeded.isEmpty() ? new ArrayList<>() : exceeded;
                exceeded.add(demand.limit());
            } else if (waitMillis > longest) {
                longest = waitMillis;
                tightest = shares.size();
            }
        }
        shares.add(new Share(
                demand.limit(), demand.key(), demand.target(), demand.taken(), remaining, resetMillis, stamp));
    }

    public Answer at(Instant now) {
        Allowance allowance = new Allowance(now, shares);
        return tightest < 0
                ? new Answer.Admitted(allowance, List.copyOf(exceeded))
                : new Answer.Refused(
                        demands.get(tightest), shares.get(tightest).remaining(), Duration.ofMillis(longest), allowance);
    }
}
