package dev.tollgate.http;

import dev.tollgate.audit.LostAttempt;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Claims;
import dev.tollgate.budget.Claims.Ceiling;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.Mode;
import dev.tollgate.provider.Call;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Attempts at targets that had the call and did not answer in time. Such a provider may bill what went in, so that is billed, and held for
 * before another target is called. One per exchange, used on its event loop.
 */
final class LostAttempts implements Call.Cover {
    private final Settlement settlement;
    private final Billing billing;
    private final Exchange exchange;
    private final List<LostAttempt> attempts = new ArrayList<>();
    private Amounts amounts = new Amounts(0, 0, 0);

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
        return amounts;
    }

    @Override
    public Future<Boolean> mayGoOn(Target lost) {
        return billing.lost(exchange, lost).compose(attempt -> {
            attempts.add(attempt);
            long nanos = attempt.cost() == null ? 0 : attempt.cost().nanos();
            amounts = new Amounts(
                    Math.addExact(amounts.nanos(), nanos), Math.addExact(amounts.tokens(), attempt.inputTokens()), 0);
            return hold();
        });
    }

    /** Holds for them and for another target: without that money, calling it could pass a cap. */
    private Future<Boolean> hold() {
        BudgetPolicy policy = exchange.policy().bundle().budget();
        if (policy.mode() != Mode.ENFORCE) {
            return Future.succeededFuture(true);
        }
        NanoUsd cap = policy.requestCap();
        NanoUsd estimate = exchange.estimate();
        if (cap != null && estimate != null && estimate.nanos() + amounts.nanos() > cap.nanos()) {
            return Future.succeededFuture(false);
        }
        Reservation held = exchange.reservation();
        if (held == null || held.counters().isEmpty()) {
            return Future.succeededFuture(true);
        }
        Amounts wanted = with(held.amounts());
        Claims claims = exchange.policy().view(Budgets.class).claims(exchange, estimate != null);
        for (Ceiling ceiling : claims.ceilings()) {
            if (ceiling.budget().mode() == Mode.ENFORCE
                    && wanted.in(ceiling.budget().unit()) > ceiling.limit()) {
                return Future.succeededFuture(false);
            }
        }
        return isGranted(settlement.raise(exchange, claims.counters(), wanted))
                .recover(away -> switch (exchange.policy().bundle().store().whenAway()) {
                    // Going on without a hold could pass a cap.
                    case CLOSED -> Future.succeededFuture(false);
                    case LOCAL_SHARE ->
                        isGranted(settlement.raiseShare(exchange, claims.counters(), wanted))
                                .otherwise(false);
                    case OPEN -> Future.succeededFuture(true);
                });
    }

    private static Future<Boolean> isGranted(Future<Answer> raised) {
        return raised.map(answer -> answer instanceof Answer.Granted);
    }

    /** What is held for the call, and for these. */
    Amounts with(Amounts held) {
        return new Amounts(sum(held.nanos(), amounts.nanos()), sum(held.tokens(), amounts.tokens()), held.requests());
    }

    private static long sum(long held, long more) {
        return held > Long.MAX_VALUE - more ? held : held + more;
    }
}
