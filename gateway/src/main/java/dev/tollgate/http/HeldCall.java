package dev.tollgate.http;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Waiting;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.policy.ApprovalPolicy;
import dev.tollgate.wire.Problem;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that waits for a person. Quiet at first, so that quick answers keep their true status; then bytes that mean nothing keep the
 * connection alive.
 *
 * <pre>
 *   QUIET ──quiet──▶ DRIP (200 is promised) ──▶ approved ▶ consumed ▶ resumed
 *     └────────────── decided, or past the deadline ──────▶ denied ▶ refused
 * </pre>
 */
final class HeldCall {
    private static final Logger LOG = LoggerFactory.getLogger(HeldCall.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final DataPlane plane;
    private final ExchangeRun run;
    private final Exchange exchange;
    private final Decision.Hold hold;
    private final ClientReply client;
    private final Context context;
    private final ApprovalPolicy policy;
    private Optional<Waiting> wait = Optional.empty();
    private long timer;
    private boolean over;

    HeldCall(
            DataPlane plane,
            ExchangeRun run,
            Exchange exchange,
            Decision.Hold hold,
            ClientReply client,
            Context context) {
        this.plane = plane;
        this.run = run;
        this.exchange = exchange;
        this.hold = hold;
        this.client = client;
        this.context = context;
        this.policy = exchange.policy().bundle().approval();
    }

    void start() {
        plane.meters().held();
        timer = context.owner().setTimer(policy.quiet().toMillis(), ignored -> drip());
        Ticket draft = plane.drafter().draft(exchange, hold.rule(), hold.reason(), hold.deadline());
        plane.desk().hold(draft, policy.maxHeld()).onComplete(held -> {
            if (held.failed()) {
                LOG.error("exchange {} could not be held", exchange.id(), held.cause());
                unavailable("the call waits for a person, but the store of tickets cannot be reached");
            } else if (held.result().isEmpty()) {
                unavailable("the call needs a person's approval, and " + policy.maxHeld()
                        + " calls wait already, which is the limit max_held");
            } else {
                await(held.result().get());
            }
        });
    }

    private void await(Waiting client) {
        if (over) {
            client.leave();
            return;
        }
        wait = Optional.of(client);
        client.decision().onSuccess(this::follow);
    }

    /** The client has gone: the ticket stays, so that a retry joins it. */
    void abandon() {
        if (!over) {
            stop();
            wait.ifPresent(Waiting::leave);
        }
    }

    private void follow(Ticket ticket) {
        if (over) {
            return;
        }
        switch (ticket.state()) {
            case APPROVED -> consume(ticket);
            case DENIED ->
                refuse("approval_denied", "the call was not approved" + said(ticket) + " (ticket " + ticket.id() + ")");
            case EXPIRED, PENDING ->
                refuse(
                        "approval_expired",
                        "nobody approved the call within " + hold.deadline().toMinutes() + " min (ticket " + ticket.id()
                                + ")");
            case CONSUMED ->
                refuse("approval_consumed", "the approval of this call was used already (ticket " + ticket.id() + ")");
        }
    }

    private void consume(Ticket ticket) {
        plane.desk().consume(ticket).onComplete(consumed -> {
            if (over) {
                return;
            }
            if (consumed.failed()) {
                unavailable("the call was approved, but the approval could not be taken");
            } else if (consumed.result()) {
                stop();
                String approver = ticket.decidedBy() == null ? "" : ticket.decidedBy();
                run.resume(exchange.withGrant(new Grant(ticket.id(), approver)));
            } else {
                // Exactly one waiter gets an approval: this one was a duplicate of the call that did.
                refuse("approval_consumed", "the approval of this call was used already (ticket " + ticket.id() + ")");
            }
        });
    }

    private void refuse(String code, String message) {
        stop();
        run.refuse(Problem.of(Problem.Kind.POLICY, code, message));
    }

    private void unavailable(String message) {
        if (over) {
            return;
        }
        stop();
        run.refuse(Problem.of(Problem.Kind.UNAVAILABLE, "enforcement_unavailable", message)
                .withRetryAfter(TRY_AGAIN));
    }

    private void drip() {
        if (over) {
            return;
        }
        if (!client.hasBegun()) {
            HttpServerResponse response = client.response();
            boolean streams = exchange.facts().streams();
            client.identify();
            client.begin(200, streams);
            response.putHeader("content-type", streams ? "text/event-stream; charset=utf-8" : "application/json");
            response.putHeader("cache-control", "no-cache");
            response.setChunked(true);
        }
        client.heartbeat();
        timer = context.owner().setTimer(policy.drip().toMillis(), ignored -> drip());
    }

    private void stop() {
        over = true;
        context.owner().cancelTimer(timer);
        plane.meters().released();
    }

    private static String said(Ticket ticket) {
        String note = ticket.note();
        return note == null || note.isBlank() ? "" : ": " + note;
    }
}
