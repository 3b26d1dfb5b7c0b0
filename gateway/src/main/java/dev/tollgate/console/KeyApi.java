package dev.tollgate.console;

import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Keys of agents, over the API. */
final class KeyApi {
    private static final Set<String> MEMBERS =
            Set.of("agent", "team", "models", "providers", "expires_in_days", "expires_in_minutes");
    private static final Set<String> MEMBERS_OF_ROTATION = Set.of("overlap_minutes");

    private final Shell shell;

    KeyApi(Shell shell) {
        this.shell = shell;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/keys", Access.API, Need.VIEWER, this::list),
                Route.post("/api/v1/keys", Access.API, Need.ADMIN, this::create),
                Route.post("/api/v1/keys/{id}/rotate", Access.API, Need.ADMIN, this::rotate),
                Route.post("/api/v1/keys/{id}/revoke", Access.API, Need.ADMIN, this::revoke),
                Route.delete("/api/v1/keys/{id}", Access.API, Need.ADMIN, this::revoke));
    }

    private Future<Reply> list(Call call) {
        int limit = call.query().number("limit", Limits.MAX_ROWS_SHOWN, 1, Limits.MAX_ROWS_OF_API);
        return shell.keys(call)
                .map(keys -> Reply.json(
                        200, Documents.keys(keys.stream().limit(limit).toList())));
    }

    private Future<Reply> create(Call call) {
        Wanted wanted = Wanted.of(call, MEMBERS);
        int days = wanted.number("expires_in_days", 0, 1, KeyPages.MAX_DAYS);
        int minutes = wanted.number("expires_in_minutes", 0, 1, KeyPages.MAX_MINUTES);
        if (days > 0 && minutes > 0) {
            throw Refused.badRequest("expires_in_days and expires_in_minutes: name one of them");
        }
        Administration.KeyWish wish = KeyPages.wish(
                wanted.text("agent"),
                wanted.text("team"),
                String.join(",", wanted.texts("models")),
                String.join(",", wanted.texts("providers")),
                days > 0 ? Duration.ofDays(days) : Duration.ofMinutes(minutes),
                shell.now());
        return shell.administration(call).createKey(wish).map(made -> Reply.json(201, Documents.made(made)));
    }

    private Future<Reply> rotate(Call call) {
        Wanted wanted = Wanted.of(call, MEMBERS_OF_ROTATION);
        int minutes = wanted.number("overlap_minutes", KeyPages.USUAL_OVERLAP, 0, KeyPages.MAX_OVERLAP);
        return shell.administration(call)
                .rotateKey(call.id(), Duration.ofMinutes(minutes))
                .map(made -> Reply.json(201, Documents.made(made)));
    }

    private Future<Reply> revoke(Call call) {
        return shell.administration(call).revokeKey(call.id()).map(key -> Reply.json(200, Documents.revoked(key)));
    }
}
