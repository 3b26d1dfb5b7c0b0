package dev.tollgate.budget;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.GuardPolicy;
import dev.tollgate.policy.GuardPolicy.Action;
import dev.tollgate.policy.GuardPolicy.SpendEntry;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.RateLimit.Metric;
import dev.tollgate.value.RateLimit.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The guard of a policy, compiled. Immutable, safe on any thread. */
public final class Guards {
    static final String PREFIX = "guard.";
    static final String REPEATED_CALLS = PREFIX + "repeated_calls";
    static final String REPEATED_TOOL_CALLS = PREFIX + "repeated_tool_calls";
    static final String DEPTH = PREFIX + "sub_agents.depth";
    static final String FAN_OUT = PREFIX + "sub_agents.fan_out";
    private static final String SPEND = PREFIX + "spend.";

    private final GuardPolicy policy;
    private final List<SpendWatch> spend;
    private final boolean isEmpty;

    private Guards(GuardPolicy policy, List<SpendWatch> spend) {
        this.policy = policy;
        this.spend = List.copyOf(spend);
        this.isEmpty = policy.mode() == Mode.OFF
                || (spend.isEmpty()
                        && policy.repeatedCalls().action() == Action.OFF
                        && policy.repeatedToolCalls().action() == Action.OFF
                        && policy.subAgents().action() == Action.OFF);
    }

    /** Whether nothing is looked for. */
    public boolean isEmpty() {
        return isEmpty;
    }

    GuardPolicy policy() {
        return policy;
    }

    List<SpendWatch> spend() {
        return spend;
    }

    /** Whether what is found is done, or only recorded. */
    public boolean isEnforced() {
        return policy.mode() == Mode.ENFORCE;
    }

    /** How long a ticket waits. */
    public java.time.Duration deadline() {
        return policy.deadline();
    }

    /**
     * Spend that is watched.
     *
     * @param rule names it
     * @param limit the limit in nano-dollars; null where only the usual pace counts
     */
    record SpendWatch(
            SpendEntry entry,
            String rule,
            Selection selection,
            @Nullable RateLimit limit) {}

    /** Compiles the guard of a bundle. */
    public static ViewCompiler<Guards> compiler() {
        return new ViewCompiler<>() {
            @Override
            public Class<Guards> type() {
                return Guards.class;
            }

            @Override
            public Guards compile(Bundle bundle) throws PolicyException {
                return of(bundle.guard());
            }
        };
    }

    static Guards of(GuardPolicy policy) throws PolicyException {
        if (policy.repeatedToolCalls().times() > policy.repeatedToolCalls().among()) {
            throw PolicyException.at(
                    "guard.repeated_tool_calls.among", "is less than times: so often the call can never be found");
        }
        Set<String> ids = new HashSet<>();
        List<SpendWatch> spend = new ArrayList<>();
        int index = 0;
        for (SpendEntry entry : policy.spend()) {
            String path = "guard.spend[" + index++ + "]";
            Selection.requireId(entry.id(), path + ".id");
            if (!ids.add(entry.id())) {
                throw PolicyException.at(path + ".id", '"' + entry.id() + "\" is used twice");
            }
            if (entry.limit() == null && entry.timesUsual() == null) {
                throw PolicyException.at(path, "watches nothing; set limit, times_usual or both");
            }
            Selection selection = Selection.of(entry.match(), entry.scope(), path);
            if (entry.action() != Action.OFF) {
                spend.add(new SpendWatch(entry, SPEND + entry.id(), selection, limit(entry)));
            }
        }
        return new Guards(policy, spend);
    }

    private static @Nullable RateLimit limit(SpendEntry entry) {
        if (entry.limit() == null) {
            return null;
        }
        long most = Math.max(1, entry.limit().nanos());
        return new RateLimit(
                SPEND + entry.id(),
                Metric.SPEND,
                Shape.BUCKET,
                most,
                entry.within().toMillis(),
                most,
                false);
    }
}
