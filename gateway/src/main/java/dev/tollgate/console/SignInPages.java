package dev.tollgate.console;

import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.util.List;

/** Signing in with the admin token, and out. */
final class SignInPages {
    private final Entrance entrance;
    private final Doorkeeper doorkeeper;

    SignInPages(Entrance entrance, Doorkeeper doorkeeper) {
        this.entrance = entrance;
        this.doorkeeper = doorkeeper;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                        "/sign-in",
                        Access.OPEN,
                        Need.ANYBODY,
                        call -> entrance.form(call, call.query().get("next"), 200, "")),
                Route.post("/sign-in", Access.SIGN_IN, Need.ANYBODY, this::signIn),
                Route.post("/sign-out", Access.PAGE, Need.VIEWER, this::signOut));
    }

    private Future<Reply> signIn(Call call) {
        Parameters form = call.form();
        String next = Entrance.ownPath(form.get("next"));
        String address = Entrance.address(call);
        try {
            if (doorkeeper.opens(form.get("token"), address)) {
                Person admin = Person.admin(AdminToken.NAME);
                return entrance.enter(call, admin, doorkeeper.byToken(), Reply.seeOther(next));
            }
        } catch (Refused tooMany) {
            return entrance.form(
                    call, next, tooMany.status(), "Too many wrong tokens from this address. Wait a minute.");
        }
        return entrance.signIns()
                .refused("unknown", "wrong_token", address)
                .compose(told -> entrance.form(call, next, 401, "That is not the admin token of this gateway."));
    }

    private Future<Reply> signOut(Call call) {
        return entrance.signIns()
                .signedOut(
                        call.person(),
                        Entrance.address(call),
                        () -> entrance.sessions()
                                .end(entrance.cookies().session(call.http()))
                                .map(ended -> entrance.cookies().endSession(Reply.seeOther("/sign-in"))));
    }
}
