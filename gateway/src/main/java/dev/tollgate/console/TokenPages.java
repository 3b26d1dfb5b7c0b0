package dev.tollgate.console;

import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Tokens of the API: made, shown once, revoked. */
final class TokenPages {
    private static final int USUAL_DAYS = 90;

    private final Shell shell;

    TokenPages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param tokens newest first
     * @param made a token made just now, to be shown once; at most one
     */
    record View(
            Frame frame,
            Rows<AccessToken> tokens,
            List<AccessTokenMint.Minted> made,
            ConsoleSettings settings,
            Instant now) {
        @Override
        public String toString() {
            return "View[" + tokens.all() + " tokens, made redacted]";
        }

        String state(AccessToken token) {
            if (token.revokedAt() != null) {
                return "revoked";
            }
            return token.isUsableAt(now) ? "active" : "expired";
        }

        String roles(AccessToken token) {
            return TokenOffice.words(token.duties());
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/tokens", Access.PAGE, Need.ADMIN, call -> page(call, List.of())),
                Route.post("/tokens", Access.PAGE, Need.ADMIN, this::create),
                Route.post("/tokens/{id}/revoke", Access.PAGE, Need.ADMIN, this::revoke));
    }

    private Future<Reply> page(Call call, List<AccessTokenMint.Minted> made) {
        return shell.page(
                call,
                Frame.Section.TOKENS,
                "tokens",
                shell.tokens(call).list(),
                (frame, tokens) ->
                        new View(frame, Rows.of(tokens, call, "/tokens"), made, shell.settings(), shell.now()));
    }

    private Future<Reply> create(Call call) {
        Parameters form = call.form();
        String role = form.get("role");
        List<Duty> duties = teams(form.get("teams")).stream()
                .map(team -> new Duty(role, team))
                .toList();
        // Answered with the page itself instead of a redirect: the secret is in this answer and nowhere else.
        return shell.tokens(call)
                .create(form.get("name"), duties, form.number("days", USUAL_DAYS, 0, TokenOffice.MAX_DAYS))
                .compose(made -> page(call, List.of(made)));
    }

    private Future<Reply> revoke(Call call) {
        return shell.tokens(call).revoke(call.id()).map(token -> {
            call.session().tell(Notice.done("Revoked the token " + token.name() + ". Its next call fails."));
            return Reply.seeOther("/tokens");
        });
    }

    private static List<String> teams(String list) {
        List<String> teams = Arrays.stream(list.split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        return teams.isEmpty() ? List.of(Person.ALL_TEAMS) : teams;
    }
}
