package dev.tollgate.http;

import dev.tollgate.audit.LostAttempt;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Claims;
import dev.tollgate.budget.Claims.Ceiling;
import dev.tollgate.budget.Ledger.Answer;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.budget.Ledger.Answer.Refused;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.Mode;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a stream costs while it passes, a step ahead of it. While its bytes, each taken for a token, are paid for by what is held,
 * nothing is counted; then its tokens are. Where those come to more than is held, more is held; where no budget has that much left, the
 * stream is to be cut. One per stream, used on its event loop.
 *
 * <pre>
 *   PASSING ──bytes may cost more than is held──▶ COUNTING ──tokens do not──▶ PASSING
 *                                                    └──tokens do──▶ RAISING ──held──▶ PASSING
 *                                                                       └──nothing left──▶ cut
 * </pre>
 */
final class SpendWatch {
    /** Bytes of output after which it is looked at again. */
    private static final long STEP_BYTES = 256;
    /** Tokens that it is ahead: what comes before it is looked at again. */
    private static final long STEP = 64;

    private final Settlement settlement;
    private final Exchange exchange;
    private final Billing billing;
    private final Target served;
    private final OutputCount count;
    private final RunningBill bill;
    private final BudgetPolicy policy;
    private final LostAttempts lost;
    private Amounts held;
    private String exhausted = "";
    private long lookAt = STEP_BYTES;
    private boolean isInputCounted;

    private SpendWatch(
            DataPlane plane,
            Exchange exchange,
            Target served,
            OutputCount count,
            RunningBill bill,
            Amounts held,
            LostAttempts lost) {
        this.settlement = plane.settlement();
        this.billing = plane.billing();
        this.exchange = exchange;
        this.served = served;
        this.count = count;
        this.bill = bill;
        this.policy = exchange.policy().bundle().budget();
        this.held = held;
        this.lost = lost;
    }

    /** Null where nothing limits what the call may come to. */
    static @Nullable SpendWatch of(
            DataPlane plane, Exchange exchange, OutputCount count, RunningBill bill, Target served, LostAttempts lost) {
        BudgetPolicy policy = exchange.policy().bundle().budget();
        Reservation reservation = exchange.reservation();
        if (policy.mode() != Mode.ENFORCE) {
            return null;
        }
        Amounts held;
        if (reservation != null) {
            held = reservation.amounts();
        } else if (policy.requestCap() != null) {
            held = new Amounts(
                    policy.requestCap().nanos() - lost.amounts().nanos(), Reservation.UNLIMITED, Reservation.UNLIMITED);
        } else {
            return null;
        }
        return new SpendWatch(plane, exchange, served, count, bill, held, lost);
    }

    /** Whether more may have passed, one step on, than is held. */
    boolean mayBeSpent() {
        long most = count.most();
        if (most < lookAt) {
            return false;
        }
        lookAt = most + STEP_BYTES;
        return !isWithin(bill.with(most + STEP_BYTES), held);
    }

    /** What is held by now for this reply, beside what was lost before. */
    Amounts held() {
        return held;
    }

    private static boolean isWithin(Amounts amounts, Amounts limit) {
        return amounts.nanos() <= limit.nanos() && amounts.tokens() <= limit.tokens();
    }

    /**
     * Counts what has passed, and holds more if that is needed: as much again, or what is left of that.
     *
     * @return whether the stream may go on
     */
    Future<Boolean> cover() {
        Future<Long> input = isInputCounted ? Future.succeededFuture() : billing.countMostInput(exchange, served);
        return Future.all(input, count.count()).compose(both -> {
            Long counted = both.resultAt(0);
            if (counted != null) {
                isInputCounted = true;
                bill.input(counted);
            }
            lookAt = count.most() + STEP_BYTES;
            return isWithin(next(), held) ? Future.succeededFuture(true) : holdMore();
        });
    }

    private Amounts next() {
        return bill.with(count.most() + STEP);
    }

    private Future<Boolean> holdMore() {
        Reservation reservation = exchange.reservation();
        if (reservation == null || reservation.counters().isEmpty()) {
            exhausted = "the request cap " + policy.requestCap();
            return Future.succeededFuture(false);
        }
        Claims claims = exchange.policy().view(Budgets.class).claims(exchange, exchange.estimate() != null);
        return raise(claims, settlement::raise).recover(away -> {
            exhausted = "the ledger is away, and no budget";
            return switch (exchange.policy().bundle().store().whenAway()) {
                // Going on without a hold would let the stream run on beyond every budget.
                case CLOSED -> Future.succeededFuture(false);
                case LOCAL_SHARE -> raise(claims, settlement::raiseShare).otherwise(false);
                case OPEN -> Future.succeededFuture(true);
            };
        });
    }

    /** Asks a ledger to hold more. */
    @FunctionalInterface
    private interface Raising {
        Future<Answer> raise(Exchange exchange, List<Counter> counters, Amounts to, List<LostAttempt> lost);
    }

    private Future<Boolean> raise(Claims claims, Raising ledger) {
        Amounts next = next();
        Amounts wanted = within(
                claims,
                new Amounts(
                        Math.max(twice(held.nanos()), next.nanos()),
                        Math.max(twice(held.tokens()), next.tokens()),
                        held.requests()));
        if (isWithin(wanted, held)) {
            return Future.succeededFuture(false);
        }
        return raise(claims, wanted, ledger).compose(answer -> switch (answer) {
            case Granted unused -> raised(wanted);
            case Refused refused -> takeRest(claims, wanted, refused, ledger);
        });
    }

    private Future<Answer> raise(Claims claims, Amounts to, Raising ledger) {
        return ledger.raise(exchange, lost.counters(claims, to), to, lost.all());
    }

    private Future<Boolean> takeRest(Claims claims, Amounts wanted, Refused refused, Raising ledger) {
        exhausted = "budget " + refused.tightest().budget().id() + " ("
                + refused.tightest().unit().show(refused.tightest().limit()) + ")";
        Amounts rest = new Amounts(
                Math.min(wanted.nanos(), refused.left().nanos()),
                Math.min(wanted.tokens(), refused.left().tokens()),
                held.requests());
        if (!isWithin(held, rest) || isWithin(rest, held)) {
            return Future.succeededFuture(false);
        }
        return raise(claims, rest, ledger)
                .compose(answer -> answer instanceof Granted ? raised(rest) : Future.succeededFuture(false));
    }

    /** Too little is held all the same: what has passed by now is paid for as far as there is money. */
    private Future<Boolean> raised(Amounts to) {
        held = to;
        return Future.succeededFuture(isWithin(next(), held));
    }

    /** What a single call may take bounds it too. */
    private Amounts within(Claims claims, Amounts wanted) {
        long nanos = wanted.nanos();
        long tokens = wanted.tokens();
        NanoUsd cap = policy.requestCap();
        Amounts before = lost.amounts();
        if (cap != null && cap.nanos() - before.nanos() < nanos) {
            nanos = cap.nanos() - before.nanos();
            exhausted = "the request cap " + cap;
        }
        for (Ceiling ceiling : claims.ceilings()) {
            BudgetEntry budget = ceiling.budget();
            long left = ceiling.limit() - before.in(budget.unit());
            if (budget.mode() == Mode.ENFORCE && wanted.in(budget.unit()) > left) {
                nanos = budget.unit() == Unit.USD ? Math.min(nanos, left) : nanos;
                tokens = budget.unit() == Unit.TOKENS ? Math.min(tokens, left) : tokens;
                exhausted = "budget " + budget.id();
            }
        }
        return new Amounts(nanos, tokens, wanted.requests());
    }

    private static long twice(long amount) {
        return amount > Long.MAX_VALUE / 2 ? amount : 2 * amount;
    }

    /** What the client is told whose stream is cut. */
    Problem cut() {
        return Problem.of(
                Problem.Kind.BUDGET,
                "budget_exceeded",
                "the answer was cut: " + (exhausted.isEmpty() ? "no budget" : exhausted)
                        + " has nothing left for more of it");
    }
}
