package dev.tollgate.pipeline;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;

/** Decides one thing about an exchange; never sends anything. Shared by all event loops, so it keeps no state of an exchange. */
public interface Stage {
    StageId id();

    /** How the policy wants this stage's denials and holds to be taken. A stage without which nothing works is always enforced. */
    default Mode mode(PolicySnapshot policy) {
        return Mode.ENFORCE;
    }

    /** Whether the policy gives this stage anything to do. Where not, a call passes it without a trace. */
    default boolean isNeeded(PolicySnapshot policy) {
        return true;
    }

    /** Decides. A failed future means "could not decide" and becomes a denial. */
    Future<Decision> decide(Exchange exchange);
}
