package dev.tollgate.http;

import dev.tollgate.audit.LostAttempt;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.provider.Call;
import dev.tollgate.provider.Reply;
import dev.tollgate.stage.BudgetStage;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one exchange has had from providers so far, and what that costs. */
final class Consumption {
    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

    private final Billing billing;
    private @Nullable Call call;
    private @Nullable LostAttempts lost;
    private @Nullable ReplyMeter meter;
    private @Nullable OutputCount count;
    private @Nullable Target served;
    /** What had the call when it was given up, unanswered. */
    private @Nullable Target taken;

    private @Nullable SpendWatch watch;
    private int status;
    private Bill bill = Bill.NOTHING;
    private long firstByteMicros;
    private long replyBytes;

    Consumption(Billing billing) {
        this.billing = billing;
    }

    void sent(Call by, LostAttempts beside) {
        call = by;
        lost = beside;
    }

    /** A provider began to answer. Yields the count of what will pass of it. */
    OutputCount answered(Exchange exchange, Reply reply, ReplyMeter readBy, long afterMicros) {
        served = reply.target();
        status = reply.response().statusCode();
        meter = readBy;
        firstByteMicros = afterMicros;
        OutputCount passing = billing.count(exchange, reply.target(), readBy);
        count = passing;
        return passing;
    }

    /** A reply is passed on that another exchange was billed for: this one costs nothing. */
    OutputCount answeredAgain(Exchange exchange, Reply reply, ReplyMeter readBy, long afterMicros) {
        status = reply.response().statusCode();
        firstByteMicros = afterMicros;
        return billing.count(exchange, reply.target(), readBy);
    }

    /** Follows what the answer comes to; null where nothing limits that. */
    @Nullable
    SpendWatch watch(DataPlane plane, Exchange exchange) {
        if (served == null
                || meter == null
                || count == null
                || lost == null
                || !exchange.facts().streams()) {
            return null;
        }
        watch = SpendWatch.of(plane, exchange, count, plane.billing().running(exchange, served, meter), served, lost);
        return watch;
    }

    /** The answer is over. Done when its bill is made out: at once where it told what it used. */
    Future<Void> ended(Exchange exchange, ReplyOwner.End end) {
        replyBytes = end.bytes();
        Target target = served;
        ReplyMeter read = meter;
        OutputCount passed = count;
        boolean isWhole = end.result().equals(ReplyOwner.End.COMPLETED);
        if (target == null || read == null || passed == null || !billing.needsCount(exchange, read, status, isWhole)) {
            bill = billed(exchange, Billing.Counted.NOTHING);
            return Future.succeededFuture();
        }
        Future<Long> input =
                read.reported() == null ? billing.countInput(exchange, target) : Future.succeededFuture(0L);
        return Future.all(input, passed.count()).map(both -> {
            bill = billed(exchange, new Billing.Counted(both.resultAt(0), both.resultAt(1)));
            SpendWatch watching = watch;
            if (watching != null && end.result().equals(ReplyOwner.End.CUT)) {
                bill = bill.atMost(watching.held());
            }
            return null;
        });
    }

    /** No answer came; a provider may have taken the call all the same. Done when that is billed. */
    Future<Void> unanswered(Exchange exchange) {
        if (call == null || lost == null) {
            return Future.succeededFuture();
        }
        boolean isUnnoted = lost.close();
        if (!isUnnoted && !call.wasTaken()) {
            return Future.succeededFuture();
        }
        Target silent = call.target();
        return billing.ofUnanswered(exchange, silent).map(billed -> {
            taken = silent;
            bill = billed;
            return null;
        });
    }

    /** Attempts that may be billed beside what served. */
    List<LostAttempt> lost() {
        return lost == null ? List.of() : lost.all();
    }

    /** The exchange with what is held for it by now. */
    Exchange asHeld(Exchange exchange) {
        Reservation reservation = exchange.reservation();
        return reservation == null || watch == null
                ? exchange
                : exchange.withReservation(reservation.raised(watch.held(), LostAttempt.spend(lost())));
    }

    /** The exchange is over for a fault of ours: what was used, if that is known; else the whole hold, for a fault must not make a call free. */
    void broken(Exchange exchange, long bytes) {
        replyBytes = bytes;
        if (!wasSent()) {
            return;
        }
        try {
            if (meter != null && meter.reported() != null) {
                OutputCount passed = count;
                long most = passed != null && billing.needsCount(exchange, meter, status, false) ? passed.most() : 0;
                bill = billed(exchange, new Billing.Counted(0, most));
                return;
            }
        } catch (RuntimeException | Error again) {
            LOG.error("exchange {} could not be billed", exchange.id(), again);
        }
        Reservation held = exchange.reservation();
        bill = new Bill(Usage.NONE, held == null ? exchange.estimate() : held.amount());
    }

    /**
     * Sets headers that tell what the exchange cost.
     *
     * @param isFinal whether that is known already
     */
    void describe(Exchange exchange, HttpServerResponse response, boolean isFinal) {
        Bill whole = lost == null ? bill : bill.plus(lost.amounts().nanos());
        NanoUsd cost = isFinal ? whole.cost() : exchange.estimate();
        if (cost != null) {
            response.putHeader(isFinal ? "x-tollgate-cost" : "x-tollgate-cost-estimate", cost.toString());
        }
        Long limit = exchange.read() == null ? null : exchange.facts().maxOutputTokens();
        if (limit != null && isClamped(exchange)) {
            response.putHeader("x-tollgate-output-limit", limit.toString());
        }
        Reservation held = exchange.reservation();
        if (held != null && !held.tightest().isEmpty()) {
            response.putHeader("x-tollgate-budget", held.tightest());
            response.putHeader("x-tollgate-budget-remaining", held.unit().show(held.remaining()));
        }
    }

    /** Whether a budget left the call less output than it asked for. */
    private static boolean isClamped(Exchange exchange) {
        for (Verdict verdict : exchange.verdicts()) {
            for (String rule : verdict.rules()) {
                if (rule.startsWith(BudgetStage.CLAMPED)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether any provider was called. */
    boolean wasSent() {
        return attempts() > 0;
    }

    /** How the exchange ended, as the settlement takes it. */
    Settlement.End end(String result, int statusToClient, String code) {
        return new Settlement.End(
                result,
                statusToClient,
                code,
                served != null ? served.toString() : taken != null ? taken.toString() : "",
                attempts(),
                lost == null ? bill : bill.plus(lost.amounts().nanos()),
                lost(),
                replyBytes,
                firstByteMicros);
    }

    private int attempts() {
        return call == null ? 0 : call.attempts();
    }

    private Bill billed(Exchange exchange, Billing.Counted counted) {
        Target target = served;
        ReplyMeter metered = meter;
        return target == null || metered == null
                ? Bill.NOTHING
                : billing.of(exchange, target, metered, status, counted);
    }
}
