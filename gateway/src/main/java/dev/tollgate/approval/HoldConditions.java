package dev.tollgate.approval;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.tollgate.approval.History.Past;
import dev.tollgate.approval.History.Want;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Grant;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.ReviewPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policy's conditions for holding a call, compiled. Immutable, safe on any thread; evaluating takes microseconds and blocks nothing. */
public final class HoldConditions {
    /** No conditions: nothing is held. */
    public static final HoldConditions NONE = new HoldConditions(List.of(), Set.of());

    private final List<Condition> conditions;
    private final Set<Want> wants;

    /** @param wants what the conditions ask about earlier calls */
    HoldConditions(List<Condition> conditions, Set<Want> wants) {
        this.conditions = List.copyOf(conditions);
        this.wants = Set.copyOf(wants);
    }

    /**
     * @param id names the condition
     * @param reason what the reviewer reads
     * @param deadline how long a ticket may wait
     * @param review who decides
     * @param program yields a bool
     */
    record Condition(String id, String reason, Duration deadline, ReviewPolicy review, Program program) {}

    /**
     * A condition that is true of a call.
     *
     * @param rule id of the condition
     * @param reason what the reviewer reads
     * @param deadline how long a ticket may wait
     * @param review who decides
     */
    public record Hit(String rule, String reason, Duration deadline, ReviewPolicy review) {}

    /** A condition could not be evaluated, so whether the call may go on is not known. Names the condition, no values of the call. */
    public static final class ConditionFailed extends Exception {
        private static final long serialVersionUID = 1;

        ConditionFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What the conditions ask about earlier calls. */
    public Set<Want> wants() {
        return wants;
    }

    /**
     * The first condition that is true of the call at any place it may be sent to, and for which nobody has given leave.
     *
     * @param past what {@link #wants} names
     * @throws ConditionFailed if a condition cannot be evaluated: the call must not go on
     */
    public Optional<Hit> firstTrue(Exchange exchange, Past past) throws ConditionFailed {
        for (Condition condition : conditions) {
            if (hasLeave(exchange.grant(), condition)) {
                continue;
            }
            // A fallback is a way to its provider too: a condition that names only that provider must hold the call as
            // well.
            for (Target target : exchange.route().targets()) {
                if (isTrue(condition, new HoldVariables(exchange, target, past))) {
                    return Optional.of(new Hit(condition.id, condition.reason, condition.deadline, condition.review));
                }
            }
        }
        return Optional.empty();
    }

    /** Who approved the call saw all of it, so that one leave is enough for all conditions which the same people decide. */
    private boolean hasLeave(@Nullable Grant grant, Condition condition) {
        if (grant == null) {
            return false;
        }
        if (grant.covers(condition.id)) {
            return true;
        }
        // Nobody saw this call: standing leave is for the rule that it names.
        if (grant.isStanding()) {
            return false;
        }
        for (Condition approved : conditions) {
            if (grant.covers(approved.id) && approved.review.equals(condition.review)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the rules is a condition of this policy that every approver decides. */
    public boolean anyUsual(Set<String> rules) {
        for (Condition condition : conditions) {
            if (rules.contains(condition.id) && condition.review.equals(ReviewPolicy.DEFAULT)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTrue(Condition condition, HoldVariables variables) throws ConditionFailed {
        try {
            return (Boolean) condition.program.eval(variables);
        } catch (CelEvaluationException | RuntimeException failure) {
            // Taken for false, a condition that fails would let through what it should hold.
            throw new ConditionFailed("condition " + condition.id + " could not be evaluated", failure);
        }
    }
}
