package dev.tollgate.approval;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.ReviewPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The policy's conditions for holding a call, compiled. Immutable, safe on any thread; evaluating takes microseconds and blocks nothing. */
public final class HoldConditions {
    /** No conditions: nothing is held. */
    public static final HoldConditions NONE = new HoldConditions(List.of());

    private final List<Condition> conditions;

    HoldConditions(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
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

    /**
     * The first condition that is true of the call at any place it may be sent to.
     *
     * @throws ConditionFailed if a condition cannot be evaluated: the call must not go on
     */
    public Optional<Hit> firstTrue(Exchange exchange) throws ConditionFailed {
        for (Condition condition : conditions) {
            // A fallback is a way to its provider too: a condition that names only that provider must hold the call as
            // well.
            for (Target target : exchange.route().targets()) {
                if (isTrue(condition, new HoldVariables(exchange, target))) {
                    return Optional.of(new Hit(condition.id, condition.reason, condition.deadline, condition.review));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether one of the rules is a condition of this policy. */
    public boolean anyOf(Set<String> rules) {
        for (Condition condition : conditions) {
            if (rules.contains(condition.id)) {
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
