package dev.tollgate.http;

import dev.tollgate.approval.ToolRules;
import dev.tollgate.approval.ToolRules.Ruling;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;

/**
 * By whose rules the calls of tools in a reply are judged.
 *
 * @param exchange whose reply it is
 * @param served what gave the reply
 * @param policy the policy whose rules count
 */
record ToolJudge(Exchange exchange, Target served, PolicySnapshot policy) {
    /** By the policy that the exchange began under. */
    static ToolJudge of(Exchange exchange, Target served) {
        return new ToolJudge(exchange, served, exchange.policy());
    }

    ToolRules rules() {
        return policy.view(ToolRules.class);
    }

    boolean enforces() {
        return policy.bundle().tools().mode() == Mode.ENFORCE;
    }

    /** What becomes of a call of a tool. */
    Ruling of(String tool, String arguments) {
        return rules().ofCall(exchange, served, tool, arguments);
    }

    /** The same by another policy. */
    ToolJudge by(PolicySnapshot other) {
        return new ToolJudge(exchange, served, other);
    }
}
