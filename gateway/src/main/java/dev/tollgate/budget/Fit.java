package dev.tollgate.budget;

import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.Unit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a call fits into its counters, all of them, and which is the tightest: the one into which the fewest further such calls fit. */
public final class Fit {
    private final List<Counter> counters;
    private final Amounts amounts;
    private long leastNanos = Reservation.UNLIMITED;
    private long leastTokens = Reservation.UNLIMITED;
    private long leastRequests = Reservation.UNLIMITED;
    private List<Counter> exceeded = List.of();
    private @Nullable Counter tightest;
    private long tightestLeft;
    private double tightestCalls;
    private boolean fits = true;

    /**
     * @param totals what is spent and held by others, by counter
     */
    public Fit(List<Counter> counters, Amounts amounts, long[] totals) {
        this.counters = counters;
        this.amounts = amounts;
        for (int i = 0; i < totals.length; i++) {
            Counter counter = counters.get(i);
            long left = Math.subtractExact(counter.limit(), totals[i]);
            if (counter.isEnforced()) {
                enforce(counter, left);
            } else if (left < counter.of(amounts)) {
                exceed(counter);
            }
        }
    }

    private void enforce(Counter counter, long left) {
        switch (counter.unit()) {
            case USD -> leastNanos = Math.min(leastNanos, left - counter.beside());
            case TOKENS -> leastTokens = Math.min(leastTokens, left - counter.beside());
            case REQUESTS -> leastRequests = Math.min(leastRequests, left - counter.beside());
        }
        long wanted = counter.of(amounts);
        boolean isRefused = left < wanted;
        double calls = (double) left / Math.max(1, wanted);
        // Whatever does not fit is tighter than all that does.
        if (tightest == null || (isRefused && fits) || (isRefused != fits && calls < tightestCalls)) {
            tightest = counter;
            tightestLeft = left;
            tightestCalls = calls;
        }
        fits &= !isRefused;
    }

    private void exceed(Counter counter) {
        if (exceeded.isEmpty()) {
            exceeded = new ArrayList<>();
        }
        exceeded.add(counter);
    }

    /** Whether it fits into all counters of enforced budgets. */
    public boolean fits() {
        return fits;
    }

    /** The answer to a call that fits, or to one that does not. */
    public Answer answer(Instant leaseUntil) {
        Counter tight = tightest;
        if (tight != null && !fits) {
            return new Answer.Refused(tight, Math.max(0, tightestLeft), left(Amounts.NONE));
        }
        List<String> keys = new ArrayList<>(counters.size());
        Map<String, Long> apart = Map.of();
        for (Counter counter : counters) {
            keys.add(counter.key());
            if (counter.beside() != 0) {
                apart = apart.isEmpty() ? new HashMap<>() : apart;
                apart.put(counter.key(), counter.of(amounts));
            }
        }
        Reservation held = new Reservation(
                amounts,
                keys,
                Map.of(),
                leaseUntil,
                tight == null ? "" : tight.budget().id(),
                tight == null ? Unit.USD : tight.unit(),
                left(amounts),
                apart);
        return new Answer.Granted(held, exceeded);
    }

    private Amounts left(Amounts taken) {
        return new Amounts(
                left(leastNanos, taken.nanos()),
                left(leastTokens, taken.tokens()),
                left(leastRequests, taken.requests()));
    }

    private static long left(long least, long taken) {
        return least == Reservation.UNLIMITED ? least : Math.max(0, least - taken);
    }
}
