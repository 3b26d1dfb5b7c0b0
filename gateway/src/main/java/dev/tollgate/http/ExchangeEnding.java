package dev.tollgate.http;

import dev.tollgate.approval.GrantUses;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Steps;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning and the end of one exchange on the record, each once, and before what it tells of happens. What cannot be recorded does not
 * happen; a fault of ours ends the exchange as {@code internal_error}. Belongs to one exchange, on its event loop.
 */
final class ExchangeEnding {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeEnding.class);

    private final Run run;
    private final DataPlane plane;
    private final ClientReply client;
    private final Admission.Pass pass;
    private final Steps steps;
    private final Consumption consumption;
    private AuditRecord.@Nullable Received received;
    private @Nullable ReplyCapture capture;
    private @Nullable GrantUses grantUses;
    private boolean ended;
    /** Whether its end is the settlement's business by now, and only the client still ours. */
    private boolean isHandedOver;

    /** What ends. */
    interface Run {
        /** As it is by now. */
        Exchange exchange();

        /** As it is from now on: with what is held for it of budgets by now. */
        Exchange asHeld();

        /** Stops whatever still works for it. */
        void stop();
    }

    ExchangeEnding(
            Run run, DataPlane plane, ClientReply client, Admission.Pass pass, Steps steps, Consumption consumption) {
        this.run = run;
        this.plane = plane;
        this.client = client;
        this.pass = pass;
        this.steps = steps;
        this.consumption = consumption;
    }

    /** Its place on this node, which it leaves at its end. */
    Admission.Pass pass() {
        return pass;
    }

    /** What this call has taken from standing grants. */
    GrantUses grantUses() {
        GrantUses uses = grantUses == null ? new GrantUses() : grantUses;
        grantUses = uses;
        return uses;
    }

    /** Takes down the reply, where the policy says so; null where it does not. */
    @Nullable
    ReplyCapture capture(int status) {
        capture = plane.payloads().reply(run.exchange(), status);
        return capture;
    }

    /** Goes on when it is on the record that the call came in, and what was decided. */
    void onceBegun(Runnable then) {
        Future<Void> begun = plane.payloads().begin(run.exchange(), note -> {
            AuditRecord.Received beginning = Records.received(run.exchange(), note);
            received = beginning;
            return plane.settlement().begin(beginning);
        });
        steps.when(begun, recorded -> {
            if (recorded.succeeded()) {
                then.run();
            } else {
                unrecordable(recorded.cause());
            }
        });
    }

    /** The same where it may be on the record already. */
    void begun(Runnable then) {
        if (received == null) {
            onceBegun(then);
        } else {
            then.run();
        }
    }

    /** Settles what it cost, and goes on when its end is on the record. */
    void finish(String result, String code, int status, Runnable then) {
        if (ended) {
            return;
        }
        ended = true;
        AuditRecord.Received beginning = received == null ? Records.received(run.exchange()) : received;
        Settlement.End end = consumption.end(result, status, code);
        if (grantUses != null) {
            plane.grants().settle(grantUses, end.bill().cost());
        }
        Future<Void> onRecord = plane.payloads()
                .end(run.exchange(), capture, note -> plane.settlement().end(run.exchange(), beginning, end, note));
        isHandedOver = true;
        steps.when(onRecord, recorded -> {
            pass.leave();
            if (recorded.succeeded()) {
                then.run();
            } else {
                // What is not on the record must not look finished.
                plane.settlement()
                        .unrecorded()
                        .tell("the end of exchange", run.exchange().id(), recorded.cause());
                run.stop();
                client.fail(Settlement.unrecordable());
            }
        });
    }

    /** Nobody waits for an answer any more. */
    void clientGone() {
        finish("client_gone", "", 0, () -> {});
    }

    /** A fault of ours: the client gets an answer, the money is settled, and the record says so, as far as that still can be done. */
    void fault(Throwable fault) {
        LOG.error("exchange {} ended by a fault of the gateway", run.exchange().id(), fault);
        Problem problem = Problem.of(
                Problem.Kind.UNAVAILABLE,
                "internal_error",
                "the gateway failed on this call; its log says why under exchange "
                        + run.exchange().id());
        ended = true;
        try {
            run.stop();
            if (isHandedOver) {
                client.fail(problem);
            } else {
                consumption.broken(run.asHeld(), client.bytes());
                endAfterFault(problem);
            }
        } catch (RuntimeException | Error again) {
            LOG.error("exchange {} could not be ended in order", run.exchange().id(), again);
            isHandedOver = true;
            plane.settlement().abandon(run.exchange(), consumption.wasSent(), consumption.lost());
            pass.leave();
            client.reset();
        }
    }

    private void endAfterFault(Problem problem) {
        ended = false;
        Runnable end =
                () -> finish("internal_error", problem.code(), client.statusOf(problem), () -> client.fail(problem));
        begun(end);
    }

    private void unrecordable(Throwable cause) {
        plane.settlement().unrecorded().tell("exchange", run.exchange().id(), cause);
        ended = true;
        isHandedOver = true;
        plane.settlement().abandon(run.exchange(), false, List.of());
        pass.leave();
        client.problem(Settlement.unrecordable());
    }
}
