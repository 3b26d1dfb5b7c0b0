package dev.tollgate.http;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call that a person let go on: whatever may have changed while it waited is decided again. */
final class Resumption {
    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    private Resumption() {}

    /** What its key, and the policy in force by now, say of it. Fails only for faults of ours. */
    static Future<Outcome> of(DataPlane plane, Exchange released) {
        Future<Optional<Denial>> refused = plane.identify()
                .again(released, plane.clock().instant())
                .recover(away -> {
                    // Who cannot be known must not go on.
                    LOG.error("the key of exchange {} cannot be looked at", released.id(), away);
                    return Future.succeededFuture(Optional.of(new Denial(
                            HeldProblems.unavailable("the call was approved, but its key cannot be looked at"))));
                });
        return refused.compose(denial -> denial.isPresent()
                ? Future.succeededFuture(new Outcome.Denied(released, StageId.IDENTIFY, denial.get()))
                : decideAnew(plane, released));
    }

    private static Future<Outcome> decideAnew(DataPlane plane, Exchange released) {
        PolicySnapshot policy = plane.policies().current();
        return policy.version().equals(released.policy().version())
                ? plane.pipeline().resume(released)
                : plane.pipeline().resumeUnderNewPolicy(released.under(policy));
    }
}
