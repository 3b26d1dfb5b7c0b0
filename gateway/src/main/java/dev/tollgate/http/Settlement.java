package dev.tollgate.http;

import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.OpenExchanges;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends exchanges: money first, then the record, then the counters for people. Each exchange is ended once; its owner sees to that. */
public final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    private static final long NANOS_PER_MICRO = 1000;

    private final Ledger ledger;
    private final AuditLog audit;
    private final Meters meters;
    private final OpenExchanges open;
    private final InstantSource clock;

    public Settlement(Ledger ledger, AuditLog audit, Meters meters, OpenExchanges open, InstantSource clock) {
        this.ledger = ledger;
        this.audit = audit;
        this.meters = meters;
        this.open = open;
        this.clock = clock;
    }

    /** Records that an exchange came in and what was decided. Where this fails, the exchange must not go on. */
    Future<Void> begin(AuditRecord.Received received) {
        return audit.append(received);
    }

    /**
     * Settles and records the end of an exchange.
     *
     * @return done when the end is on the record; fails if it cannot be recorded
     */
    Future<Void> end(Exchange exchange, AuditRecord.Received received, End end) {
        Caller caller = exchange.identified();
        if (caller != null) {
            open.leave(caller.key(), exchange.id());
        }
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
                Duration.between(exchange.receivedAt(), clock.instant()).toNanos() / NANOS_PER_MICRO);
        Future<Void> settled = settle(exchange, end);
        return audit.append(ended).compose(recorded -> settled).onComplete(done -> meters.ended(received, ended));
    }

    /** Gives back what an exchange holds that could not be recorded and so does not happen. */
    void abandon(Exchange exchange) {
        Caller caller = exchange.identified();
        if (caller != null) {
            open.leave(caller.key(), exchange.id());
        }
        Reservation held = exchange.reservation();
        if (held != null) {
            ledger.release(exchange.id(), held)
                    .onFailure(away ->
                            LOG.warn("exchange {} could not give its hold back: {}", exchange.id(), away.toString()));
        }
        meters.abandoned();
    }

    private Future<Void> settle(Exchange exchange, End end) {
        Reservation held = exchange.reservation();
        if (held == null) {
            return Future.succeededFuture();
        }
        NanoUsd cost = end.bill().cost();
        Future<Void> settled = end.attempts() == 0
                ? ledger.release(exchange.id(), held)
                : ledger.settle(exchange.id(), held, cost == null ? NanoUsd.ZERO : cost);
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
     * @param target what served it; empty where nothing did
     * @param attempts how many times a provider was called
     * @param bill what it used and cost
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
            long replyBytes,
            long firstByteMicros) {}
}
