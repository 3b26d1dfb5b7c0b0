package dev.tollgate.stage;

import dev.tollgate.approval.History;
import dev.tollgate.approval.History.Past;
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

    private final History history;

    /** @param history what happened before, for conditions that ask */
    public ApproveStage(History history) {
        this.history = history;
    }

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
        // Only who asks pays: the log is looked through for it.
        return conditions.wants().isEmpty()
                ? judged(conditions, exchange, Past.NOTHING)
                : history.before(exchange, conditions.wants()).compose(past -> judged(conditions, exchange, past));
    }

    private static Future<Decision> judged(HoldConditions conditions, Exchange exchange, Past past) {
        try {
            return Future.succeededFuture(conditions
                    .firstTrue(exchange, past)
                    .<Decision>map(hit -> new Hold(hit.rule(), hit.reason(), hit.deadline(), null, hit.review()))
                    .orElseGet(() -> asked(conditions, exchange)));
        } catch (ConditionFailed unknown) {
            // Going on would let through a call that perhaps needs a person.
            return Future.failedFuture(unknown);
        }
    }

    private static Decision asked(HoldConditions conditions, Exchange exchange) {
        List<Asking> asking = asking(exchange);
        Grant grant = exchange.grant();
        boolean isAnswered = asking.isEmpty() || (grant != null && isAbout(grant, conditions, asking));
        return isAnswered ? new Proceed(exchange) : hold(asking);
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

    /** Who approved the call saw all of it. Standing leave is for what it names, and nobody saw the call. */
    private static boolean isAbout(Grant grant, HoldConditions conditions, List<Asking> asking) {
        return grant.isStanding()
                ? asking.stream().allMatch(one -> grant.covers(one.rule()))
                : asking.stream().anyMatch(one -> grant.covers(one.rule())) || conditions.anyUsual(grant.rules());
    }

    private static Hold hold(List<Asking> asking) {
        Asking first = asking.getFirst();
        String more = asking.size() == 1 ? "" : ", and " + (asking.size() - 1) + " more";
        return new Hold(first.rule(), first.reason() + more, DEADLINE);
    }
}
