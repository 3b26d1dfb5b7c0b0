package dev.tollgate.stage;

import dev.tollgate.approval.HoldConditions;
import dev.tollgate.approval.HoldConditions.ConditionFailed;
import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Hold;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Holds a call for a person where a condition of the policy says so, or what a stage before has found. Last of the stages, so that conditions can ask what the others found. */
public final class ApproveStage implements Stage {
    /** How long a ticket for what a scan found may wait. */
    private static final Duration DEADLINE = Duration.ofMinutes(15);

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
        List<Asking> asking = asking(exchange);
        // Who approved the call saw all of it: one leave is enough for all conditions, but a leave to pass a budget is
        // none.
        if (exchange.grant() != null && isAbout(exchange.grant(), conditions, asking)) {
            return Future.succeededFuture(new Proceed(exchange));
        }
        try {
            return Future.succeededFuture(conditions
                    .firstTrue(exchange)
                    .<Decision>map(hit -> new Hold(hit.rule(), hit.reason(), hit.deadline(), null, hit.review()))
                    .orElseGet(() -> asking.isEmpty() ? new Proceed(exchange) : hold(asking)));
        } catch (ConditionFailed unknown) {
            // Going on would let through a call that perhaps needs a person.
            return Future.failedFuture(unknown);
        }
    }

    /** What stages before found that a person is to look at. */
    private static List<Asking> asking(Exchange exchange) {
        List<Asking> all = List.of();
        for (Verdict verdict : exchange.verdicts()) {
            if (!verdict.asking().isEmpty()) {
                all = all.isEmpty() ? new ArrayList<>() : all;
                all.addAll(verdict.asking());
            }
        }
        return all;
    }

    private static boolean isAbout(Grant grant, HoldConditions conditions, List<Asking> asking) {
        return conditions.anyOf(grant.rules())
                || asking.stream().anyMatch(one -> grant.rules().contains(one.rule()));
    }

    private static Hold hold(List<Asking> asking) {
        Asking first = asking.getFirst();
        String more = asking.size() == 1 ? "" : ", and " + (asking.size() - 1) + " more";
        return new Hold(first.rule(), first.reason() + more, DEADLINE);
    }
}
