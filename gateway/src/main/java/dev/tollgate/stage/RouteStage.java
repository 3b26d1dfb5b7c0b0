package dev.tollgate.stage;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.provider.Upstreams;
import dev.tollgate.routing.ModelRoutes;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the targets of a call and leaves out those that the key may not use or that cannot be called from here. Always enforced: a call
 * without a target has nowhere to go.
 */
public final class RouteStage implements Stage {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final int MAX_NAMED = 100;

    @Override
    public StageId id() {
        return StageId.ROUTE;
    }

    @Override
    public Future<Decision> decide(Exchange exchange) {
        return Future.succeededFuture(route(exchange));
    }

    private static Decision route(Exchange exchange) {
        Endpoint endpoint = exchange.endpoint();
        String model = exchange.facts().model();
        if (endpoint.provider() != null) {
            return choose(exchange, new Route(List.of(new Target(endpoint.provider(), model)), null));
        }
        if (model == null || model.isEmpty()) {
            return deny(Problem.Kind.MALFORMED, "model_missing", "the request names no model");
        }
        return exchange.policy()
                .view(ModelRoutes.class)
                .find(model)
                .map(route -> choose(exchange, route))
                .orElseGet(() ->
                        deny(Problem.Kind.NOT_FOUND, "model_not_found", unknown(shortened(model), endpoint.wire())));
    }

    /**
     * The call sent to what an alias leads to, for a stage behind this one: only to providers that speak the call's own API, and with the
     * client's own credential only to the provider that it is for.
     */
    static Decision reroute(Exchange exchange, String alias) {
        Endpoint endpoint = exchange.endpoint();
        String before = exchange.route().first().provider();
        boolean passThrough = exchange.caller().passThrough();
        List<Target> targets = exchange.policy()
                .view(ModelRoutes.class)
                .find(alias)
                .map(route -> keep(
                        route.targets(),
                        target -> speaksItself(exchange, target)
                                && (!passThrough || target.provider().equals(before))))
                .orElse(List.of());
        return targets.isEmpty()
                ? deny(
                        Problem.Kind.NOT_FOUND,
                        "model_not_found",
                        "alias " + alias + " is not served by a provider that speaks " + endpoint.wire())
                : choose(exchange, new Route(targets, alias));
    }

    private static boolean speaksItself(Exchange exchange, Target target) {
        ProviderEntry entry = exchange.policy().bundle().providers().get(target.provider());
        return entry != null && entry.speaks(exchange.endpoint().wire());
    }

    private static String unknown(String model, String wire) {
        String vendor = wire.startsWith("anthropic") ? "anthropic" : wire.startsWith("gemini") ? "gemini" : "openai";
        return "there is no model " + model
                + " here: write an alias of the policy (GET /v1/models lists them) or provider/model," + " such as "
                + vendor + "/" + model + ", or put the provider into the base URL, such as /" + vendor;
    }

    // Every target is looked at, not the first alone: the others are fallbacks, and a call must not fall back to what
    // its key may not use.
    private static Decision choose(Exchange exchange, Route route) {
        List<Target> speaking = keep(route.targets(), target -> speaks(exchange, target));
        if (speaking.isEmpty()) {
            return wrongWire(exchange.endpoint(), route);
        }
        List<Target> allowed = keep(speaking, target -> allows(exchange, target, route.alias()));
        if (allowed.isEmpty()) {
            return notAllowed(exchange, speaking.get(0), route.alias());
        }
        Upstreams upstreams = exchange.policy().view(Upstreams.class);
        boolean passThrough = exchange.caller().passThrough();
        List<Target> ready = keep(allowed, target -> upstreams.accepts(target.provider(), passThrough));
        return ready.isEmpty()
                ? deny(
                        Problem.Kind.POLICY,
                        "provider_not_configured",
                        upstreams.missing(allowed.get(0).provider()))
                : new Proceed(exchange.withRoute(new Route(ready, route.alias())));
    }

    private static List<Target> keep(List<Target> targets, Predicate<Target> wanted) {
        if (targets.size() == 1) {
            return wanted.test(targets.get(0)) ? targets : List.of();
        }
        return targets.stream().filter(wanted).toList();
    }

    private static boolean speaks(Exchange exchange, Target target) {
        Endpoint endpoint = exchange.endpoint();
        return endpoint.provider() != null || endpoint.wire().equals(Wires.OPAQUE) || speaksItself(exchange, target);
    }

    private static boolean allows(Exchange exchange, Target target, @Nullable String alias) {
        Scopes scopes = exchange.caller().scopes();
        if (target.model() != null) {
            return ModelRoutes.allows(scopes, target, alias);
        }
        // A call that changes something without naming a model (a batch, an assistant) could use any: that would be a
        // way around the key's list.
        return scopes.allowsProvider(target.provider())
                && (scopes.models().isEmpty()
                        || READING.contains(exchange.inbound().method()));
    }

    private static Decision notAllowed(Exchange exchange, Target target, @Nullable String alias) {
        String key = "key " + exchange.caller().key();
        if (!exchange.caller().scopes().allowsProvider(target.provider())) {
            return deny(
                    Problem.Kind.POLICY, "provider_not_allowed", key + " may not use provider " + target.provider());
        }
        String what = target.model() == null
                ? "endpoints that name no model"
                : alias == null ? "model " + shortened(target.toString()) : "model " + alias;
        return deny(Problem.Kind.POLICY, "model_not_allowed", key + " may not use " + what);
    }

    private static Decision wrongWire(Endpoint endpoint, Route route) {
        String what = route.alias() == null ? shortened(route.first().toString()) : "alias " + route.alias();
        return deny(
                Problem.Kind.NOT_FOUND,
                "model_not_found",
                what + " is not served by a provider that speaks " + endpoint.wire() + ", the API of this endpoint");
    }

    private static Decision deny(Problem.Kind kind, String code, String message) {
        return new Deny(Denial.of(kind, code, message));
    }

    private static String shortened(String name) {
        return name.length() <= MAX_NAMED ? name : name.substring(0, MAX_NAMED) + "…";
    }
}
