package dev.tollgate.approval;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelVariableResolver;
import dev.tollgate.approval.History.Past;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.value.NanoUsd;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a condition can ask about a call that goes to one target. A value is made when it is asked for. Values that the client chooses are
 * bounded, because evaluating costs time in proportion to them: what is larger fails, and the call with it.
 */
final class HoldVariables implements CelVariableResolver {
    static final String SESSION_COST = "session_cost_usd";
    static final String FIRST_USE = "first_use";

    /** The variables and their types. */
    static final Map<String, CelType> TYPES = Map.ofEntries(
            Map.entry("model", SimpleType.STRING),
            Map.entry("provider", SimpleType.STRING),
            Map.entry("alias", SimpleType.STRING),
            Map.entry("agent", SimpleType.STRING),
            Map.entry("team", SimpleType.STRING),
            Map.entry("key", SimpleType.STRING),
            Map.entry("session", SimpleType.STRING),
            Map.entry("user", SimpleType.STRING),
            Map.entry("tags", MapType.create(SimpleType.STRING, SimpleType.STRING)),
            Map.entry("sub_agent", SimpleType.STRING),
            Map.entry("depth", SimpleType.INT),
            Map.entry("endpoint", SimpleType.STRING),
            Map.entry("cost_usd", SimpleType.DOUBLE),
            Map.entry("hour", SimpleType.INT),
            Map.entry("weekday", SimpleType.STRING),
            Map.entry(SESSION_COST, SimpleType.DOUBLE),
            Map.entry(FIRST_USE, SimpleType.BOOL),
            Map.entry("injection_score", SimpleType.DOUBLE),
            Map.entry("tools", ListType.create(SimpleType.STRING)),
            Map.entry("findings", ListType.create(SimpleType.STRING)));

    /** Longest text of a variable, in characters. */
    static final int MAX_TEXT = 8_192;
    /** Most tools that a condition looks at. */
    static final int MAX_TOOLS = 2_048;
    /** Most characters of all tool names together. */
    static final int MAX_TOOL_CHARACTERS = 65_536;

    private static final double NANOS_PER_DOLLAR = 1e9;

    private final Exchange exchange;
    private final Target target;
    private final Past past;

    HoldVariables(Exchange exchange, Target target, Past past) {
        this.exchange = exchange;
        this.target = target;
        this.past = past;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "model" -> text(Objects.requireNonNullElse(target.model(), askedFor()));
            case "provider" -> text(target.provider());
            case "alias" -> text(Objects.requireNonNullElse(exchange.route().alias(), ""));
            case "agent" -> text(exchange.caller().agent().value());
            case "team" -> text(exchange.caller().team().value());
            case "key" -> text(exchange.caller().key().value());
            case "session" ->
                text(exchange.caller().session().map(Object::toString).orElse(""));
            case "user" -> text(exchange.caller().labels().user());
            case "tags" -> Optional.of(exchange.caller().labels().tags());
            case "sub_agent" -> text(exchange.caller().labels().subAgent());
            case "depth" -> Optional.of((long) exchange.caller().labels().depth());
            case "endpoint" -> text(exchange.endpoint().path());
            case "cost_usd" -> Optional.of(costUsd());
            case "hour" -> Optional.of((long) receivedAt().getHour());
            case "weekday" -> Optional.of(receivedAt().getDayOfWeek().name().toLowerCase(Locale.ROOT));
            case SESSION_COST -> Optional.of(past.sessionCost().nanos() / NANOS_PER_DOLLAR);
            case FIRST_USE -> Optional.of(!past.used().contains(target.toString()));
            case "injection_score" -> Optional.of(Risk.scoreOf(exchange));
            case "tools" -> Optional.of(tools());
            case "findings" -> Optional.of(Risk.findingsIn(exchange));
            default -> Optional.empty();
        };
    }

    private ZonedDateTime receivedAt() {
        return exchange.receivedAt().atZone(ZoneOffset.UTC);
    }

    private String askedFor() {
        return Objects.requireNonNullElse(exchange.facts().model(), "");
    }

    private static Optional<Object> text(String value) {
        if (value.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "a text has " + value.length() + " characters, conditions look at up to " + MAX_TEXT);
        }
        return Optional.of(value);
    }

    /** A call whose price nobody knows counts as infinitely dear: as free it would pass every condition on its cost. */
    private double costUsd() {
        NanoUsd estimate = exchange.estimate();
        return estimate == null ? Double.POSITIVE_INFINITY : estimate.nanos() / NANOS_PER_DOLLAR;
    }

    private List<String> tools() {
        List<String> tools = exchange.facts().toolNames();
        long characters = tools.stream().mapToLong(String::length).sum();
        if (tools.size() > MAX_TOOLS || characters > MAX_TOOL_CHARACTERS) {
            throw new IllegalArgumentException("the call defines " + tools.size() + " tools with names of " + characters
                    + " characters, conditions look at up to " + MAX_TOOLS + " and " + MAX_TOOL_CHARACTERS);
        }
        return tools;
    }
}
