package dev.tollgate.approval;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelVariableResolver;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a condition can ask about a call of a tool. Large values fail, and the call is kept back: evaluating costs time in proportion to them. */
final class ToolVariables implements CelVariableResolver {
    static final Map<String, CelType> TYPES = Map.ofEntries(
            Map.entry("tool", SimpleType.STRING),
            Map.entry("args", MapType.create(SimpleType.STRING, SimpleType.DYN)),
            Map.entry("arguments", SimpleType.STRING),
            Map.entry("commands", ListType.create(SimpleType.STRING)),
            Map.entry("paths", ListType.create(SimpleType.STRING)),
            Map.entry("hosts", ListType.create(SimpleType.STRING)),
            Map.entry("agent", SimpleType.STRING),
            Map.entry("team", SimpleType.STRING),
            Map.entry("key", SimpleType.STRING),
            Map.entry("session", SimpleType.STRING),
            Map.entry("user", SimpleType.STRING),
            Map.entry("tags", MapType.create(SimpleType.STRING, SimpleType.STRING)),
            Map.entry("model", SimpleType.STRING),
            Map.entry("provider", SimpleType.STRING));

    /** Longest arguments that conditions look at, in characters. */
    static final int MAX_ARGUMENTS = 262_144;

    private final Exchange exchange;
    private final Target served;
    private final String tool;
    private final ToolArguments arguments;

    ToolVariables(Exchange exchange, Target served, String tool, ToolArguments arguments) {
        this.exchange = exchange;
        this.served = served;
        this.tool = tool;
        this.arguments = arguments;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "tool" -> Optional.of(tool);
            case "args" -> bounded(arguments.members());
            case "arguments" -> bounded(arguments.text());
            case "commands" -> bounded(arguments.commands());
            case "paths" -> bounded(arguments.paths());
            case "hosts" -> bounded(arguments.hosts());
            case "agent" -> Optional.of(exchange.caller().agent().value());
            case "team" -> Optional.of(exchange.caller().team().value());
            case "key" -> Optional.of(exchange.caller().key().value());
            case "session" ->
                Optional.of(exchange.caller().session().map(Object::toString).orElse(""));
            case "user" -> Optional.of(exchange.caller().labels().user());
            case "tags" -> Optional.of(exchange.caller().labels().tags());
            case "model" -> Optional.of(Objects.requireNonNullElse(served.model(), ""));
            case "provider" -> Optional.of(served.provider());
            default -> Optional.empty();
        };
    }

    private Optional<Object> bounded(Object value) {
        if (arguments.text().length() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException("the arguments have "
                    + arguments.text().length() + " characters, conditions look at up to " + MAX_ARGUMENTS);
        }
        return Optional.of(value);
    }
}
