package dev.tollgate.approval;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Names;
import dev.tollgate.policy.ToolsPolicy.Define;
import dev.tollgate.policy.ToolsPolicy.Permit;
import dev.tollgate.policy.ToolsPolicy.ToolRule;
import dev.tollgate.value.NamePattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policy's rules for tools, compiled. Immutable, safe on any thread. */
public final class ToolRules {
    /** No rules: every tool may be defined and called. */
    public static final ToolRules NONE = new ToolRules(List.of());

    private final List<Rule> rules;
    private final boolean judgesDefinitions;
    private final boolean judgesCalls;
    private final boolean holdsCalls;

    ToolRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.judgesDefinitions =
                rules.stream().anyMatch(rule -> rule.entry.define() != null && rule.entry.define() != Define.ALLOW);
        this.judgesCalls =
                rules.stream().anyMatch(rule -> rule.entry.call() != null && rule.entry.call() != Permit.ALLOW);
        this.holdsCalls = rules.stream().anyMatch(rule -> rule.entry.call() == Permit.HOLD);
    }

    /** Patterns are null where a rule has none. */
    record Rule(
            ToolRule entry,
            @Nullable NamePattern tools,
            @Nullable NamePattern agents,
            @Nullable NamePattern teams,
            @Nullable NamePattern commands,
            @Nullable NamePattern paths,
            @Nullable NamePattern hosts,
            @Nullable Program when) {
        static @Nullable NamePattern pattern(Names names) {
            return names.all().isEmpty() ? null : new NamePattern(names.all());
        }

        boolean isAbout(Caller caller, String tool) {
            return matches(tools, tool.toLowerCase(Locale.ROOT))
                    && matches(agents, caller.agent().value())
                    && matches(teams, caller.team().value());
        }

        private static boolean matches(@Nullable NamePattern pattern, String name) {
            return pattern == null || pattern.matches(name);
        }
    }

    /**
     * What a rule says of one call of a tool.
     *
     * @param permit what becomes of it
     * @param rule id of the rule; empty where none is about it
     * @param reason what model and people are told
     * @param entry the rule; null where none is about it
     */
    public record Ruling(
            Permit permit,
            String rule,
            String reason,
            @Nullable ToolRule entry) {
        private static final Ruling PASSES = new Ruling(Permit.ALLOW, "", "", null);
    }

    /** Whether some definition may be taken out or refused. */
    public boolean judgeDefinitions() {
        return judgesDefinitions;
    }

    /** Whether some call may be kept back. */
    public boolean judgeCalls() {
        return judgesCalls;
    }

    /** Whether a person may be asked about some call. */
    public boolean holdCalls() {
        return holdsCalls;
    }

    /** The rule that takes out or refuses the definition of a tool. */
    public Optional<ToolRule> againstDefinition(Caller caller, String tool) {
        for (Rule rule : rules) {
            if (rule.entry.define() != null && rule.isAbout(caller, tool)) {
                return rule.entry.define() == Define.ALLOW ? Optional.empty() : Optional.of(rule.entry);
            }
        }
        return Optional.empty();
    }

    /** Whether a call of the tool may be kept back, whatever its arguments. */
    public boolean mayKeepBack(Caller caller, String tool) {
        for (Rule rule : rules) {
            if (rule.entry.call() != null && rule.entry.call() != Permit.ALLOW && rule.isAbout(caller, tool)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What becomes of a call of a tool. A condition that cannot be evaluated keeps the call back.
     *
     * @param exchange whose reply it is in
     * @param served what gave the reply
     * @param tool its name
     * @param text its arguments, as the model wrote them
     */
    public Ruling ofCall(Exchange exchange, Target served, String tool, String text) {
        ToolArguments arguments = ToolArguments.of(text);
        for (Rule rule : rules) {
            Permit permit = rule.entry.call();
            if (permit != null
                    && rule.isAbout(exchange.caller(), tool)
                    && applies(rule, permit, exchange, served, tool, arguments)) {
                return new Ruling(permit, rule.entry.id(), rule.entry.reason(), rule.entry);
            }
        }
        return Ruling.PASSES;
    }

    private static boolean applies(
            Rule rule, Permit permit, Exchange exchange, Target served, String tool, ToolArguments arguments) {
        boolean asksArguments = rule.commands != null || rule.paths != null || rule.hosts != null || rule.when != null;
        if (asksArguments && !arguments.isRead()) {
            // An agent may read what we cannot.
            return permit != Permit.ALLOW;
        }
        boolean all = permit == Permit.ALLOW;
        return meets(rule.commands, arguments.commands(), all)
                && meets(rule.paths, arguments.paths(), all)
                && meets(rule.hosts, arguments.hosts(), all)
                && isTrue(rule, permit, new ToolVariables(exchange, served, tool, arguments));
    }

    private static boolean meets(@Nullable NamePattern pattern, List<String> named, boolean all) {
        if (pattern == null) {
            return true;
        }
        return all
                ? !named.isEmpty() && named.stream().allMatch(pattern::matches)
                : named.stream().anyMatch(pattern::matches);
    }

    private static boolean isTrue(Rule rule, Permit permit, ToolVariables variables) {
        if (rule.when == null) {
            return true;
        }
        try {
            return (Boolean) rule.when.eval(variables);
        } catch (CelEvaluationException | RuntimeException unknown) {
            // Such as a member that these arguments lack: taken for false, a rule that keeps back would let pass.
            return permit != Permit.ALLOW;
        }
    }
}
