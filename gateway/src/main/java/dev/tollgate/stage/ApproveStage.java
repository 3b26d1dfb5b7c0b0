package dev.tollgate.stage;

import dev.tollgate.approval.HoldConditions;
import dev.tollgate.approval.HoldConditions.ConditionFailed;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Hold;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;

/** Holds a call for a person where a condition of the policy says so. Last of the stages, so that conditions can ask what the others found. */
public final class ApproveStage implements Stage {
    @Override
    public StageId id() {
        return StageId.APPROVE;
    }

    @Override
    public Mode mode(PolicySnapshot policy) {
        return policy.bundle().approval().mode();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        HoldConditions conditions = exchange.policy().view(HoldConditions.class);
        // Who approved the call saw all of it: one leave is enough for all conditions, but a leave to pass a budget is
        // none.
        if (exchange.grant() != null && conditions.anyOf(exchange.grant().rules())) {
            return Future.succeededFuture(new Proceed(exchange));
        }
        try {
            return Future.succeededFuture(conditions
                    .firstTrue(exchange)
                    .<Decision>map(hit -> new Hold(hit.rule(), hit.reason(), hit.deadline(), null, hit.review()))
                    .orElseGet(() -> new Proceed(exchange)));
        } catch (ConditionFailed unknown) {
            // Going on would let through a call that perhaps needs a person.
            return Future.failedFuture(unknown);
        }
    }
}
