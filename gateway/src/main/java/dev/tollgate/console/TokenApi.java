package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.identity.AccessToken;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tokens of the API, over the API. */
final class TokenApi {
    private static final int USUAL_DAYS = 90;
    private static final Set<String> MEMBERS = Set.of("name", "roles", "expires_in_days");
    private static final Set<String> MEMBERS_OF_ROLE = Set.of("role", "teams");

    private final Shell shell;

    TokenApi(Shell shell) {
        this.shell = shell;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/tokens", Access.API, Need.ADMIN, this::list),
                Route.post("/api/v1/tokens", Access.API, Need.ADMIN, this::create),
                Route.post("/api/v1/tokens/{id}/revoke", Access.API, Need.ADMIN, this::revoke),
                Route.delete("/api/v1/tokens/{id}", Access.API, Need.ADMIN, this::revoke));
    }

    private Future<Reply> list(Call call) {
        int limit = call.query().number("limit", Limits.MAX_ROWS_SHOWN, 1, Limits.MAX_ROWS_OF_API);
        return shell.tokens(call).list().map(tokens -> {
            ObjectNode document = Documents.object();
            ArrayNode array = document.putArray("tokens");
            tokens.stream().limit(limit).forEach(token -> array.add(node(token)));
            return Reply.json(200, Documents.bytes(document));
        });
    }

    private Future<Reply> create(Call call) {
        Wanted wanted = Wanted.of(call, MEMBERS);
        List<Duty> duties = new ArrayList<>();
        for (Wanted role : wanted.objects("roles", MEMBERS_OF_ROLE)) {
            List<String> teams = role.texts("teams");
            (teams.isEmpty() ? List.of(Person.ALL_TEAMS) : teams)
                    .forEach(team -> duties.add(new Duty(role.text("role"), team)));
        }
        int days = wanted.number("expires_in_days", USUAL_DAYS, 1, TokenOffice.MAX_DAYS);
        return shell.tokens(call)
                .create(wanted.text("name"), duties, days)
                .map(made -> Reply.json(201, Documents.bytes(node(made.token()).put("secret", made.secret()))));
    }

    private Future<Reply> revoke(Call call) {
        return shell.tokens(call).revoke(call.id()).map(token -> Reply.json(200, Documents.bytes(node(token))));
    }

    private static ObjectNode node(AccessToken token) {
        ObjectNode document = Documents.object().put("id", token.id()).put("name", token.name());
        ArrayNode roles = document.putArray("roles");
        token.duties()
                .forEach(duty -> roles.addObject().put("role", duty.role()).put("team", duty.team()));
        document.put("created_by", token.createdBy());
        Documents.time(document, "created_at", token.createdAt());
        Documents.time(document, "expires_at", token.expiresAt());
        Documents.time(document, "revoked_at", token.revokedAt());
        return document;
    }
}
