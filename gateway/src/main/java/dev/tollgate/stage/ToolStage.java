package dev.tollgate.stage;

import dev.tollgate.approval.ToolRules;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.Mode;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.ToolsPolicy.Define;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.ToolDefinitions;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes definitions of tools out of a request, or refuses it, as the policy says. Refuses calls whose replies cannot be judged while a rule
 * asks to judge them: a reply that nobody can read could call any tool.
 */
public final class ToolStage implements Stage {
    /** Wires whose replies are judged. */
    private static final Set<String> JUDGED =
            Set.of("openai_chat", "openai_completions", "openai_responses", "anthropic_messages", "gemini_generate");

    /** Members of a request that define tools, in any API. */
    private static final Set<String> DEFINING = Set.of("tools", "functions", "toolConfig", "tool_config");

    @Override
    public StageId id() {
        return StageId.TOOLS;
    }

    @Override
    public Mode mode(PolicySnapshot policy) {
        return policy.bundle().tools().mode();
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        ToolRules rules = exchange.policy().view(ToolRules.class);
        boolean isUnjudged = rules.judgeCalls() && definesTools(exchange) && !judges(exchange);
        if (isUnjudged) {
            return Future.succeededFuture(new Deny(Denial.of(
                    Problem.Kind.POLICY,
                    "tools_not_judged",
                    "the policy judges calls of tools, and cannot read those in replies of this API ("
                            + exchange.endpoint().wire() + ")")));
        }
        return Future.succeededFuture(rules.judgeDefinitions() ? definitions(exchange, rules) : new Proceed(exchange));
    }

    /** Whether replies of the call's API are read for what they say and call. */
    public static boolean judges(Exchange exchange) {
        return JUDGED.contains(exchange.endpoint().wire());
    }

    private static boolean definesTools(Exchange exchange) {
        Json.Obj body = exchange.content().json();
        return body != null && DEFINING.stream().anyMatch(name -> body.get(name) != null);
    }

    private static Decision definitions(Exchange exchange, ToolRules rules) {
        Map<String, ToolRule> against = new LinkedHashMap<>();
        for (String tool : exchange.facts().toolNames()) {
            Optional<ToolRule> rule = rules.againstDefinition(exchange.caller(), tool);
            rule.ifPresent(found -> against.put(tool, found));
        }
        List<String> fired =
                against.values().stream().map(ToolRule::id).distinct().toList();
        for (Map.Entry<String, ToolRule> each : against.entrySet()) {
            if (each.getValue().define() == Define.DENY) {
                return new Deny(new Denial(
                        Problem.of(
                                Problem.Kind.POLICY,
                                "tool_not_allowed",
                                "the call defines a tool that the policy does not allow: "
                                        + each.getValue().reason() + " (rule "
                                        + each.getValue().id() + ")"),
                        fired));
            }
        }
        Json.Obj body = exchange.content().json();
        if (against.isEmpty() || body == null) {
            return new Proceed(exchange);
        }
        List<Splice> cuts = ToolDefinitions.without(exchange.content().bytes(), body, against::containsKey);
        List<Splice> all = new ArrayList<>(cuts);
        for (Splice before : exchange.splices()) {
            if (cuts.stream().noneMatch(cut -> cut.start() <= before.start() && before.end() <= cut.end())) {
                all.add(before);
            }
        }
        String detail =
                against.size() == 1 ? "a definition was taken out" : against.size() + " definitions were taken out";
        return new Proceed(exchange.withAllSplices(all), fired, detail);
    }
}
