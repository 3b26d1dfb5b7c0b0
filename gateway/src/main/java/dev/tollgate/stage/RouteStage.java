package dev.tollgate.stage;

import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Denial;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.pipeline.StageId;
import dev.tollgate.provider.Upstreams;
import dev.tollgate.routing.ModelRoutes;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Finds out where a call may go, and whether its key may go there. */
public final class RouteStage implements Stage {
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
        String provider = endpoint.provider();
        if (provider != null) {
            return allowed(exchange, new Route(List.of(new Target(provider, model)), null));
        }
        if (model == null || model.isEmpty()) {
            return deny(Problem.Kind.MALFORMED, "model_missing", "the request names no model");
        }
        Optional<Route> found = exchange.policy().view(ModelRoutes.class).find(model);
        return found.map(route -> allowed(exchange, route))
                .orElseGet(() -> deny(
                        Problem.Kind.NOT_FOUND,
                        "model_not_found",
                        "there is no model " + shortened(model)
                                + " here: write an alias of the policy (GET /v1/models lists them) or provider/model"));
    }

    private static Decision allowed(Exchange exchange, Route route) {
        Scopes scopes = exchange.caller().scopes();
        Upstreams upstreams = exchange.policy().view(Upstreams.class);
        for (Target target : route.targets()) {
            // Every target is checked: a fallback must not be a way to what the key may not use.
            if (!scopes.allowsProvider(target.provider())) {
                return deny(
                        Problem.Kind.POLICY,
                        "provider_not_allowed",
                        "this key may not use the provider " + target.provider());
            }
            if (!mayUseModel(scopes, route, target)) {
                return deny(
                        Problem.Kind.POLICY,
                        "model_not_allowed",
                        "this key may not use the model " + shortened(target.toString()));
            }
        }
        List<Target> usable = route.targets().stream()
                .filter(target ->
                        upstreams.accepts(target.provider(), exchange.caller().passThrough()))
                .toList();
        return usable.isEmpty()
                ? deny(
                        Problem.Kind.NOT_FOUND,
                        "provider_not_configured",
                        upstreams.missing(route.first().provider()))
                : new Decision.Proceed(exchange.withRoute(new Route(usable, route.alias())));
    }

    private static boolean mayUseModel(Scopes scopes, Route route, Target target) {
        String alias = route.alias();
        if (scopes.models().isEmpty()) {
            return true;
        }
        return alias == null ? scopes.allowsModel(target.toString()) : scopes.allowsModel(alias, target.toString());
    }

    private static Decision deny(Problem.Kind kind, String code, String message) {
        return new Decision.Deny(Denial.of(kind, code, message));
    }

    private static String shortened(String name) {
        return name.length() <= MAX_NAMED ? name : name.substring(0, MAX_NAMED) + "…";
    }
}
