package dev.tollgate.http;

import dev.tollgate.audit.LostAttempt;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Claims;
import dev.tollgate.budget.Claims.Ceiling;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.Mode;
import dev.tollgate.provider.Call;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts at targets that had the call and did not answer in time. Such a provider may bill what went in, so that is billed, and held for
 * before another target is called: each in the counters that count that target. One per exchange, used on its event loop.
 */
final class LostAttempts implements Call.Cover {
    private static final Logger LOG = LoggerFactory.getLogger(LostAttempts.class);

    private final Settlement settlement;
    private final Billing billing;
    private final Exchange exchange;
    private final List<LostAttempt> attempts = new ArrayList<>();
    private boolean isCounting;
    private boolean isClosed;

    LostAttempts(DataPlane plane, Exchange exchange) {
        this.settlement = plane.settlement();
        this.billing = plane.billing();
        this.exchange = exchange;
    }

    /** Those before the one that counts. */
    List<LostAttempt> all() {
        return List.copyOf(attempts);
    }

    /** What they come to. */
    Amounts amounts() {
        return LostAttempt.sum(attempts);
    }

    /**
     * The exchange ends: no more are taken up.
     *
     * @return whether one is not among {@link #all} though its target had the call: its input was not counted yet, or could not be
     */
    boolean close() {
        isClosed = true;
        return isCounting;
    }

    @Override
    public Future<Boolean> mayGoOn(Target lost) {
        isCounting = true;
        return billing.lost(exchange, lost).compose(attempt -> {
            if (isClosed) {
                return Future.succeededFuture(false);
            }
            attempts.add(attempt);
            isCounting = false;
            return held();
        });
    }

    private Future<Boolean> held() {
        try {
            return hold();
        } catch (RuntimeException fault) {
            // What was lost is on the bill by now: only another target must not be called.
            LOG.error("exchange {} does not go on to another target", exchange.id(), fault);
            return Future.succeededFuture(false);
        }
    }

    /** Holds for them and for another target: without that money, calling it could pass a cap. */
    private Future<Boolean> hold() {
        BudgetPolicy policy = exchange.policy().bundle().budget();
        if (policy.mode() != Mode.ENFORCE) {
            return Future.succeededFuture(true);
        }
        NanoUsd cap = policy.requestCap();
        NanoUsd estimate = exchange.estimate();
        Amounts amounts = amounts();
        if (cap != null && estimate != null && estimate.nanos() + amounts.nanos() > cap.nanos()) {
            return Future.succeededFuture(false);
        }
        Reservation held = exchange.reservation();
        if (held == null || held.counters().isEmpty()) {
            return Future.succeededFuture(true);
        }
        Claims claims = exchange.policy().view(Budgets.class).claims(exchange, estimate != null);
        Amounts another = held.amounts();
        Amounts both = new Amounts(
                sum(another.nanos(), amounts.nanos()), sum(another.tokens(), amounts.tokens()), another.requests());
        for (Ceiling ceiling : claims.ceilings()) {
            if (ceiling.budget().mode() == Mode.ENFORCE
                    && both.in(ceiling.budget().unit()) > ceiling.limit()) {
                return Future.succeededFuture(false);
            }
        }
        List<Counter> counters = counters(claims, another);
        return isGranted(settlement.raise(exchange, counters, another, all())).recover(away -> switch (exchange.policy()
                .bundle()
                .store()
                .whenAway()) {
            // Going on without a hold could pass a cap.
            case CLOSED -> Future.succeededFuture(false);
            case LOCAL_SHARE ->
                isGranted(settlement.raiseShare(exchange, counters, another, all()))
                        .otherwise(false);
            case OPEN -> Future.succeededFuture(true);
        });
    }

    private static Future<Boolean> isGranted(Future<Answer> raised) {
        return raised.map(answer -> answer instanceof Answer.Granted);
    }

    /**
     * The counters of a call, of which each is to hold what was lost where it counts, and what another target may take where that counts.
     *
     * @param another what that may take
     */
    List<Counter> counters(Claims claims, Amounts another) {
        if (attempts.isEmpty()) {
            return claims.counters();
        }
        Spend most = new Spend(another, "", LostAttempt.spend(attempts));
        List<Counter> counters = new ArrayList<>(claims.counters().size());
        for (Counter counter : claims.counters()) {
            counters.add(counter.holding(Reservation.charge(counter.key(), claims.bound(), most), another));
        }
        return counters;
    }

    private static long sum(long held, long more) {
        return held > Long.MAX_VALUE - more ? held : held + more;
    }
}
