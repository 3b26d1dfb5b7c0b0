package dev.tollgate.http;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Charges;
import dev.tollgate.audit.LostAttempt;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.budget.ExpectedOutput;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.OpenExchanges;
import dev.tollgate.budget.RateKeeper;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.Problem;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends exchanges: money first, then the record, then the counters for people. Each exchange is ended once; its owner sees to that. */
public final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    private static final long NANOS_PER_MICRO = 1000;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final RateKeeper rates;
    private final AuditLog audit;
    private final Meters meters;
    private final OpenExchanges open;
    private final ExpectedOutput expected;
    private final InstantSource clock;
    private final Unrecorded unrecorded;

    public Settlement(Counters counters, AuditLog audit, Meters meters, InstantSource clock) {
        this.ledger = counters.ledger();
        this.rates = counters.rates();
        this.audit = audit;
        this.meters = meters;
        this.open = counters.open();
        this.expected = counters.expected();
        this.clock = clock;
        this.unrecorded = new Unrecorded(clock, LOG::error);
    }

    /**
     * What an exchange gives back when it ends.
     *
     * @param ledger holds of money
     * @param rates what it took from rate limits
     * @param open its place among the open ones
     * @param expected what its model's answers are like
     */
    public record Counters(Ledger ledger, RateKeeper rates, OpenExchanges open, ExpectedOutput expected) {}

    /** Says in the gateway's own log that calls cannot be recorded; not for each of them. */
    Unrecorded unrecorded() {
        return unrecorded;
    }

    /** What a client is told whose call cannot be recorded. */
    static Problem unrecordable() {
        return Problem.of(
                        Problem.Kind.UNAVAILABLE,
                        "enforcement_unavailable",
                        "the call cannot be recorded at the moment")
                .withRetryAfter(TRY_AGAIN);
    }

    /** Records that an exchange came in and what was decided. Where this fails, the exchange must not go on. */
    Future<Void> begin(AuditRecord.Received received) {
        return append(received);
    }

    /**
     * Settles and records the end of an exchange.
     *
     * @param payload what is kept of the reply; null where nothing is
     * @return done when the end is on the record; fails if it cannot be recorded
     */
    Future<Void> end(Exchange exchange, AuditRecord.Received received, End end, @Nullable PayloadNote payload) {
        leave(exchange);
        rates.end(exchange, end.target(), end.bill().usage(), end.bill().cost());
        note(exchange, end);
        AuditRecord.Ended ended = new AuditRecord.Ended(
                exchange.id(),
                clock.instant(),
                end.result(),
                end.status(),
                end.code(),
                end.target(),
                end.attempts(),
                end.bill().usage(),
                end.bill().cost(),
                end.replyBytes(),
                end.firstByteMicros(),
                Duration.between(exchange.receivedAt(), clock.instant()).toNanos() / NANOS_PER_MICRO,
                end.bill().savedNanos(),
                payload,
                end.lost(),
                since(exchange.verdicts(), received.verdicts()));
        // On the record first: killed in between, the next start settles what the log says. The other way round the
        // counters
        // would know of an end that the log does not, and the log would charge the whole hold.
        return append(ended)
                .transform(recorded -> settle(exchange, ended).compose(settled -> now(recorded)))
                .eventually(() -> {
                    meters.ended(received, ended);
                    return Future.succeededFuture();
                });
    }

    /** What was said since the call came in. */
    private static List<Verdict> since(List<Verdict> all, List<Verdict> atFirst) {
        return all.size() > atFirst.size() ? all.subList(atFirst.size(), all.size()) : List.of();
    }

    /**
     * Holds more for a call that goes on, and records it: after a kill the log alone tells what was held.
     *
     * @param counters those that it was reserved in
     * @param to what it is to hold in each that says nothing else
     * @param lost attempts that it holds for beside, each where it counts
     */
    Future<Ledger.Answer> raise(Exchange exchange, List<Counter> counters, Amounts to, List<LostAttempt> lost) {
        return recorded(exchange, to, lost, ledger.raise(exchange.id(), counters, to, lease(exchange)));
    }

    /** As {@link #raise}, while the ledger is away: within this node's share. */
    Future<Ledger.Answer> raiseShare(Exchange exchange, List<Counter> counters, Amounts to, List<LostAttempt> lost) {
        return recorded(exchange, to, lost, ledger.raiseShare(exchange.id(), counters, to, lease(exchange)));
    }

    private static Duration lease(Exchange exchange) {
        return exchange.policy().bundle().budget().lease();
    }

    private Future<Ledger.Answer> recorded(
            Exchange exchange, Amounts to, List<LostAttempt> lost, Future<Ledger.Answer> raising) {
        return raising.compose(answer -> {
            if (answer instanceof Ledger.Answer.Refused) {
                return Future.succeededFuture(answer);
            }
            return append(new Administrative(
                            clock.instant(),
                            Administrative.HOLD_RAISED,
                            "gateway",
                            exchange.id().value(),
                            raised(to, lost)))
                    .map(answer);
        });
    }

    private static Map<String, String> raised(Amounts to, List<LostAttempt> lost) {
        Amounts beside = LostAttempt.sum(lost);
        Map<String, String> details = new HashMap<>();
        details.put("nanos", Long.toString(Math.addExact(to.nanos(), beside.nanos())));
        details.put("tokens", Long.toString(Math.addExact(to.tokens(), beside.tokens())));
        if (!lost.isEmpty()) {
            details.put("lost", LostAttempt.write(lost));
        }
        return details;
    }

    /**
     * Ends an exchange whose end cannot be recorded.
     *
     * @param wasSent whether a provider was called: then nobody knows what it cost, and the hold is charged whole; else it is given back
     * @param lost attempts that may be billed beside
     */
    void abandon(Exchange exchange, boolean wasSent, List<LostAttempt> lost) {
        leave(exchange);
        rates.release(exchange);
        Reservation held = exchange.reservation();
        if (held != null) {
            Future<Void> settled = wasSent
                    ? ledger.settle(exchange.id(), held, new Spend(held.amounts(), "", LostAttempt.spend(lost)))
                    : ledger.release(exchange.id(), held);
            settled.onFailure(
                    away -> LOG.warn("exchange {} could not end its hold: {}", exchange.id(), away.toString()));
        }
        meters.abandoned();
    }

    /** Gives back what a call that waits for a person must not keep from others: money and slots. Yields it without them. */
    Exchange pause(Exchange exchange) {
        rates.release(exchange);
        Reservation held = exchange.reservation();
        if (held != null) {
            ledger.pause(exchange.id(), held).onFailure(away -> LOG.warn("hold not given back", away));
        }
        return exchange.withReservation(null).withAllowance(null);
    }

    /** Only whole answers tell how long answers are. */
    private void note(Exchange exchange, End end) {
        Caller caller = exchange.identified();
        Usage used = end.bill().usage();
        boolean isExpected = exchange.policy().bundle().budget().estimate() == BudgetPolicy.Estimate.EXPECTED;
        boolean isWhole = used.source() == Usage.Source.REPORTED && end.result().equals("completed");
        if (caller != null && isExpected && isWhole) {
            for (Target target : exchange.route().targets()) {
                if (target.toString().equals(end.target())) {
                    expected.note(caller.key(), target, used.totalOutput());
                }
            }
        }
    }

    private void leave(Exchange exchange) {
        Caller caller = exchange.identified();
        if (caller != null) {
            open.leave(caller.key(), exchange.id());
        }
    }

    private static Future<Void> now(AsyncResult<Void> result) {
        return result.succeeded() ? Future.succeededFuture() : Future.failedFuture(result.cause());
    }

    private Future<Void> append(AuditRecord written) {
        try {
            return audit.append(written);
        } catch (RuntimeException fault) {
            return Future.failedFuture(fault);
        }
    }

    private Future<Void> settle(Exchange exchange, AuditRecord.Ended ended) {
        Reservation held = exchange.reservation();
        if (held == null) {
            return Future.succeededFuture();
        }
        Optional<Spend> spend = Charges.of(exchange.verdicts(), held, ended);
        Future<Void> settled = spend.isPresent()
                ? ledger.settle(exchange.id(), held, spend.get())
                : ledger.release(exchange.id(), held);
        // The record has the cost: a ledger that is away now is put right from it, and the lease keeps the hold until
        // then.
        return settled.otherwise(away -> {
            LOG.warn("exchange {} is recorded but could not be settled: {}", exchange.id(), away.toString());
            return null;
        });
    }

    /**
     * How an exchange ended.
     *
     * @param result as in the record
     * @param status HTTP status the client got; 0 where it was gone
     * @param code reason; empty where there is none
     * @param target what served it, or had it when it was given up; empty where nothing did
     * @param attempts how many times a provider was called
     * @param bill what it used and cost, what was lost included in the cost
     * @param lost attempts at other targets that may be billed
     * @param replyBytes bytes relayed
     * @param firstByteMicros until the reply began; 0 where none did
     */
    record End(
            String result,
            int status,
            String code,
            String target,
            int attempts,
            Bill bill,
            List<LostAttempt> lost,
            long replyBytes,
            long firstByteMicros) {}
}
