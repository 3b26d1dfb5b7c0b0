package dev.tollgate.http;

import dev.tollgate.audit.AuditRecord;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Cleared;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.provider.Call;
import dev.tollgate.provider.ProviderFailure;
import dev.tollgate.provider.Reply;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ReplyMeter;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange from its head to its end, on its event loop.
 *
 * <pre>
 *   stages ──denied──▶ recorded ──▶ error
 *     │ ├────held────▶ HeldCall ──approved──▶ stages again from the cost cap
 *     │ └──passed──▶ recorded ──▶ provider ──answer──▶ ReplyRelay ──▶ settled and recorded ──▶ last bytes
 *     └─ client gone, at any time ──▶ provider cancelled ──▶ settled and recorded
 * </pre>
 */
final class ExchangeRun implements ReplyRelay.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeRun.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final DataPlane plane;
    private final ClientReply client;
    private final Context context;
    private Exchange exchange;
    private AuditRecord.@Nullable Received received;
    private @Nullable Call call;
    private @Nullable HeldCall heldCall;
    private @Nullable ReplyRelay relay;
    private @Nullable ReplyMeter meter;
    private @Nullable Target served;
    private Bill bill = Bill.NOTHING;
    private long firstByteMicros;
    private boolean ended;

    ExchangeRun(DataPlane plane, Exchange exchange, ClientReply client, Context context) {
        this.plane = plane;
        this.exchange = exchange;
        this.client = client;
        this.context = context;
    }

    void start() {
        plane.meters().opened();
        client.onGone(this::onGone);
        plane.pipeline().run(exchange).onComplete(decided -> follow(decided.result()));
    }

    /** A person has approved: everything that may have changed meanwhile is decided again. */
    void resume(Exchange released) {
        heldCall = null;
        plane.pipeline().resume(released).onComplete(decided -> follow(decided.result()));
    }

    /** A person has refused, or nobody came. */
    void refuse(Problem problem) {
        heldCall = null;
        deny(new Denial(problem));
    }

    private void follow(Outcome outcome) {
        exchange = outcome.exchange();
        switch (outcome) {
            case Outcome.Denied denied -> deny(denied.denial());
            case Outcome.Held held -> hold(held);
            case Outcome.Passed(Cleared cleared) -> send(cleared);
        }
    }

    private void deny(Denial denial) {
        Problem problem = denial.problem();
        recordBeginning().onComplete(began -> {
            if (began.failed()) {
                unrecordable(began.cause());
                return;
            }
            finish("denied", problem.code(), client.statusOf(problem), () -> client.problem(problem));
        });
    }

    private void hold(Outcome.Held held) {
        // A held call holds no money: others may need it while a person thinks.
        Reservation reservation = exchange.reservation();
        if (reservation != null) {
            plane.ledger().release(exchange.id(), reservation).onFailure(away -> LOG.warn("hold not given back", away));
            exchange = exchange.withReservation(null);
        }
        HeldCall waiting = new HeldCall(plane, this, exchange, held.hold(), client, context);
        heldCall = waiting;
        waiting.start();
        if (client.isGone()) {
            onGone();
        }
    }

    private void send(Cleared cleared) {
        recordBeginning().onComplete(began -> {
            if (began.failed()) {
                unrecordable(began.cause());
            } else if (client.isGone()) {
                finish("client_gone", "", 0, () -> {});
            } else {
                Call sent = plane.provider().send(cleared);
                call = sent;
                sent.reply().onComplete(answered -> {
                    if (answered.succeeded()) {
                        relay(answered.result());
                    } else {
                        failed(answered.cause());
                    }
                });
            }
        });
    }

    private void relay(Reply reply) {
        firstByteMicros = sinceReceipt();
        served = reply.target();
        meter = plane.wires().of(exchange.endpoint().wire()).meter(exchange.facts());
        relay = new ReplyRelay(exchange, reply, client, meter, this, context);
        relay.start();
    }

    private void failed(Throwable cause) {
        if (cause instanceof ProviderFailure failure) {
            Problem problem = failure.problem();
            if (client.isGone()) {
                finish("client_gone", "", 0, () -> {});
            } else {
                finish("provider_error", problem.code(), client.statusOf(problem), () -> client.problem(problem));
            }
            return;
        }
        LOG.error("exchange {} could not be sent", exchange.id(), cause);
        Problem problem = Problem.of(Problem.Kind.UNAVAILABLE, "internal_error", "the call could not be sent");
        finish("provider_error", problem.code(), client.statusOf(problem), () -> client.problem(problem));
    }

    private void onGone() {
        if (ended) {
            return;
        }
        if (heldCall != null) {
            heldCall.abandon();
            heldCall = null;
            recordBeginning().onComplete(began -> finish("client_gone", "", 0, () -> {}));
        } else if (relay != null) {
            if (call != null) {
                call.cancel();
            }
            relay.abandon();
        } else if (call != null) {
            call.cancel();
        }
        // Otherwise a stage is deciding, and sees to it when it has.
    }

    @Override
    public void ended(String result, String code, Runnable recorded) {
        if (call != null && !result.equals("completed")) {
            call.cancel();
        } else if (call != null) {
            call.finished();
        }
        Target target = served;
        ReplyMeter metered = meter;
        if (target != null && metered != null) {
            bill = plane.billing().of(exchange, target, metered, upstreamStatus());
        }
        boolean succeeded = result.equals("completed") && upstreamStatus() >= 400;
        finish(succeeded ? "provider_error" : result, code, client.isGone() ? 0 : upstreamStatus(), recorded);
    }

    @Override
    public void describe(HttpServerResponse response, boolean isFinal) {
        NanoUsd cost = isFinal ? bill.cost() : exchange.estimate();
        if (cost != null) {
            response.putHeader(isFinal ? "x-tollgate-cost" : "x-tollgate-cost-estimate", cost.toString());
        }
        Reservation held = exchange.reservation();
        if (held != null && !held.tightest().isEmpty()) {
            response.putHeader("x-tollgate-budget", held.tightest());
            response.putHeader("x-tollgate-budget-remaining", held.remaining().toString());
        }
    }

    private io.vertx.core.Future<Void> recordBeginning() {
        AuditRecord.Received beginning = Records.received(exchange);
        received = beginning;
        return plane.settlement().begin(beginning);
    }

    private void finish(String result, String code, int status, Runnable then) {
        if (ended) {
            return;
        }
        ended = true;
        AuditRecord.Received beginning = received == null ? Records.received(exchange) : received;
        int attempts = call == null ? 0 : call.attempts();
        Settlement.End end = new Settlement.End(
                result,
                status,
                code,
                served == null ? "" : served.toString(),
                attempts,
                bill,
                client.bytes(),
                firstByteMicros);
        plane.settlement().end(exchange, beginning, end).onComplete(recorded -> {
            if (recorded.succeeded()) {
                then.run();
            } else {
                // What is not on the record must not look finished.
                LOG.error("the end of exchange {} could not be recorded", exchange.id(), recorded.cause());
                if (client.hasBegun()) {
                    client.reset();
                } else {
                    client.problem(unavailable());
                }
            }
        });
    }

    private void unrecordable(Throwable cause) {
        LOG.error("exchange {} could not be recorded", exchange.id(), cause);
        plane.settlement().abandon(exchange);
        ended = true;
        client.problem(unavailable());
    }

    private static Problem unavailable() {
        return Problem.of(
                        Problem.Kind.UNAVAILABLE,
                        "enforcement_unavailable",
                        "the call cannot be recorded at the moment")
                .withRetryAfter(TRY_AGAIN);
    }

    private int upstreamStatus() {
        return relay == null ? client.status() : relay.status();
    }

    private long sinceReceipt() {
        return Duration.between(exchange.receivedAt(), plane.clock().instant()).toNanos() / 1000;
    }
}
