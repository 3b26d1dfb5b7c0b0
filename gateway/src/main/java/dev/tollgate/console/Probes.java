package dev.tollgate.console;

import dev.tollgate.console.HealthChecks.Check;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;

/**
 * For whoever watches the gateway: alive, ready, metrics. Alive and ready are open. Metrics are open where the console is bound to
 * loopback, and need the admin token as a bearer token elsewhere: they tell how much is spent where.
 */
final class Probes {
    static final Set<String> PATHS = Set.of("/healthz", "/readyz", "/metrics");
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final Shell shell;

    Probes(Vertx vertx, Shell shell) {
        this.vertx = vertx;
        this.shell = shell;
    }

    List<Route> routes() {
        boolean loopback = Hosts.isLoopback(shell.settings().listen().host());
        return List.of(
                Route.get("/healthz", Access.OPEN, Need.ANYBODY, call -> Future.succeededFuture(alive())),
                Route.get("/readyz", Access.OPEN, Need.ANYBODY, call -> ready()),
                Route.get(
                        "/metrics",
                        loopback ? Access.OPEN : Access.API,
                        loopback ? Need.ANYBODY : Need.VIEWER_OF_ALL,
                        call -> metrics()));
    }

    private static Reply alive() {
        return Reply.json(200, Documents.alive());
    }

    private Future<Reply> ready() {
        return shell.checks().map(checks -> {
            boolean ready = checks.stream().allMatch(Check::ok);
            return Reply.json(ready ? 200 : 503, Documents.health(checks));
        });
    }

    private Future<Reply> metrics() {
        return vertx.executeBlocking(() -> shell.rooms().metrics().get(), false)
                .map(text -> Reply.text(200, PROMETHEUS, text));
    }
}
