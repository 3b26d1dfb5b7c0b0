package dev.tollgate.http;

import dev.tollgate.approval.GrantUses;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.Cleared;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.provider.Call;
import dev.tollgate.provider.ProviderFailure;
import dev.tollgate.provider.Reply;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ReplyMeter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One exchange from its head to its end, on its event loop. Whatever calls back does so through {@link Steps}: a fault of ours, wherever it
 * happens, ends the exchange as {@code internal_error}.
 *
 * <pre>
 *   stages ──denied──▶ recorded ──▶ error
 *     │ ├────held────▶ HeldCall ──approved──▶ stages again from the cost cap
 *     │ └──passed──▶ recorded ──▶ provider ──answer──▶ ReplyRelay ──▶ settled and recorded ──▶ last bytes
 *     └─ client gone, at any time ──▶ provider cancelled ──▶ settled and recorded
 * </pre>
 */
final class ExchangeRun implements ReplyOwner, ExchangeEnding.Run {
    private static final int FIRST_ERROR_STATUS = 400;

    private final DataPlane plane;
    private final ClientReply client;
    private final Steps steps;
    private final Consumption consumption;
    private final ExchangeEnding ending;
    private final KeptSearch kept;
    private Exchange exchange;
    private @Nullable Call call;
    private @Nullable HeldCall heldCall;
    private @Nullable ReplyRelay relay;

    ExchangeRun(DataPlane plane, Exchange exchange, ClientReply client, Admission.Pass pass, Vertx vertx) {
        this.plane = plane;
        this.exchange = exchange;
        this.client = client;
        this.steps = new Steps(vertx, this::onFault);
        this.consumption = new Consumption(plane.billing());
        this.kept = new KeptSearch(plane.shelf(), plane.desk());
        this.ending = new ExchangeEnding(this, plane, client, pass, steps, consumption);
    }

    void start() {
        steps.run(() -> {
            plane.meters().opened();
            client.onGone(() -> steps.run(this::onGone));
            decide(plane.pipeline().run(exchange));
        });
    }

    private void decide(Future<Outcome> outcome) {
        steps.when(outcome, decided -> {
            if (decided.succeeded()) {
                follow(decided.result());
            } else {
                onFault(decided.cause());
            }
        });
    }

    private void follow(Outcome outcome) {
        exchange = outcome.exchange();
        client.limitedBy(exchange.allowance());
        switch (outcome) {
            case Outcome.Denied denied -> deny(denied.denial());
            case Outcome.Held held -> hold(held);
            case Outcome.Passed(Cleared cleared) -> send(cleared);
        }
    }

    private void deny(Denial denial) {
        Problem problem = denial.problem();
        ending.onceBegun(
                () -> ending.finish("denied", problem.code(), client.statusOf(problem), () -> client.problem(problem)));
    }

    /** A call whose reply a person decides about was approved already, and is paid for: nobody is asked about it again. */
    private void hold(Outcome.Held held) {
        exchange = plane.settlement().pause(exchange);
        kept.remember(exchange);
        orKept(kept.find(exchange), () -> await(held));
    }

    private void await(Outcome.Held held) {
        HeldCall waiting = HeldRequest.of(plane, this, exchange, held.hold(), client, steps);
        heldCall = waiting;
        waiting.start();
        if (client.isGone()) {
            onGone();
        }
    }

    /** A person has approved: everything that may have changed meanwhile is decided again. */
    void resume(Exchange released) {
        heldCall = null;
        exchange = released;
        decide(Resumption.of(plane, released));
    }

    /** A person has refused, or nobody came. */
    void refuse(Problem problem) {
        heldCall = null;
        deny(new Denial(problem));
    }

    private void send(Cleared cleared) {
        // Asked while the beginning is recorded, which takes longer.
        Future<Optional<KeptReply>> looked = kept.find(exchange);
        ending.onceBegun(() -> {
            if (client.isGone()) {
                ending.clientGone();
            } else {
                orKept(looked, () -> call(cleared));
            }
        });
    }

    private void orKept(Future<Optional<KeptReply>> looked, Runnable otherwise) {
        if (looked.succeeded() && looked.result().isEmpty()) {
            otherwise.run();
            return;
        }
        steps.when(looked, found -> {
            if (client.isGone()) {
                ending.begun(ending::clientGone);
            } else if (found.succeeded() && found.result().isPresent()) {
                KeptReply reply = found.result().get();
                if (reply.erased() == null) {
                    judged(KeptAnswer.verdict(reply));
                    ending.begun(() -> relay(KeptAnswer.of(reply, exchange), true));
                } else {
                    // Going on would call and pay the provider a second time, of which nobody was asked.
                    judged(KeptAnswer.erased(reply));
                    deny(new Denial(KeptAnswer.gone(reply)));
                }
            } else {
                otherwise.run();
            }
        });
    }

    @Override
    public KeptSearch kept() {
        return kept;
    }

    @Override
    public Admission.Pass pass() {
        return ending.pass();
    }

    private void call(Cleared cleared) {
        LostAttempts lost = new LostAttempts(plane, exchange);
        Call sent = plane.provider().send(cleared, lost);
        call = sent;
        consumption.sent(sent, lost);
        steps.when(sent.reply(), answered -> {
            if (answered.succeeded()) {
                relay(answered.result(), false);
            } else {
                failed(answered.cause());
            }
        });
    }

    private void relay(Reply reply, boolean isPaid) {
        ReplyMeter meter = plane.wires().of(exchange.endpoint().wire()).meter(reply.facts());
        OutputCount count = isPaid
                ? consumption.answeredAgain(exchange, reply, meter, sinceReceipt())
                : consumption.answered(exchange, reply, meter, sinceReceipt());
        LimitsPolicy limits = exchange.policy().bundle().server().limits();
        AnswerForm form = AnswerForm.of(reply.response(), exchange);
        Review review = Review.of(plane, exchange, reply, form, client, steps);
        Intake intake = new Intake(form, meter, count, limits, review);
        client.captureWith(ending.capture(reply.response().statusCode()));
        relay = new ReplyRelay(exchange, reply, intake, consumption.watch(plane, exchange), client, this, steps);
        relay.start();
        if (client.isGone()) {
            relay.abandon();
        }
    }

    private void failed(Throwable cause) {
        if (cause instanceof ProviderFailure failure) {
            steps.when(consumption.unanswered(exchange), billed -> {
                if (billed.succeeded()) {
                    unanswered(failure.problem());
                } else {
                    onFault(billed.cause());
                }
            });
            return;
        }
        onFault(cause);
    }

    private void unanswered(Problem problem) {
        if (client.isGone()) {
            ending.clientGone();
        } else {
            ending.finish("provider_error", problem.code(), client.statusOf(problem), () -> client.problem(problem));
        }
    }

    private void onGone() {
        if (relay != null) {
            relay.abandon();
        } else if (heldCall != null) {
            heldCall.abandon();
            heldCall = null;
            ending.onceBegun(() -> ending.clientGone());
        } else if (call != null) {
            call.abandon();
        }
        // Otherwise a stage is deciding, and sees to it when it has.
    }

    @Override
    public void judged(Verdict verdict) {
        exchange = exchange.withVerdict(verdict);
    }

    @Override
    public void ended(End end, Runnable recorded) {
        if (call != null) {
            call.finished();
        }
        boolean refused = end.result().equals("completed") && upstreamStatus() >= FIRST_ERROR_STATUS;
        String result = refused ? "provider_error" : end.result();
        Problem told = end.told();
        int status = client.isGone() ? 0 : told == null ? upstreamStatus() : client.statusOf(told);
        steps.when(consumption.ended(exchange, end), billed -> {
            if (billed.succeeded()) {
                ending.finish(result, end.code(), status, recorded);
            } else {
                onFault(billed.cause());
            }
        });
    }

    @Override
    public void describe(HttpServerResponse response, boolean isFinal) {
        consumption.describe(exchange, response, isFinal);
        client.tellRates();
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    @Override
    public Exchange asHeld() {
        exchange = consumption.asHeld(exchange);
        return exchange;
    }

    @Override
    public void stop() {
        if (heldCall != null) {
            heldCall.abandon();
            heldCall = null;
        }
        if (relay != null) {
            relay.abort();
        } else if (call != null) {
            call.cancel();
        }
    }

    private void onFault(Throwable fault) {
        ending.fault(fault);
    }

    /** What this call has taken from standing grants. */
    @Override
    public GrantUses grantUses() {
        return ending.grantUses();
    }

    private int upstreamStatus() {
        return relay == null ? client.status() : relay.status();
    }

    private long sinceReceipt() {
        return Duration.between(exchange.receivedAt(), plane.clock().instant()).toNanos() / 1000;
    }
}
