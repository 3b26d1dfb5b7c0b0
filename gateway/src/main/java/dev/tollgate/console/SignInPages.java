package dev.tollgate.console;

import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Signing in with the admin token, and out. */
final class SignInPages {
    private final Templates templates;
    private final Assets.Links links;
    private final Doorkeeper doorkeeper;
    private final Sessions sessions;
    private final Visitors visitors;
    private final Cookies cookies;
    private final SignIns signIns;

    SignInPages(
            Templates templates,
            Assets.Links links,
            Doorkeeper doorkeeper,
            Sessions sessions,
            Visitors visitors,
            Cookies cookies,
            SignIns signIns) {
        this.templates = templates;
        this.links = links;
        this.doorkeeper = doorkeeper;
        this.sessions = sessions;
        this.visitors = visitors;
        this.cookies = cookies;
        this.signIns = signIns;
    }

    /**
     * What the page shows.
     *
     * @param links addresses of stylesheet and scripts
     * @param csrf form token of this visitor
     * @param next where to go afterwards
     * @param problem why it did not work; empty at first
     */
    record View(Assets.Links links, String csrf, String next, String problem) {}

    List<Route> routes() {
        return List.of(
                Route.get(
                        "/sign-in",
                        Access.OPEN,
                        Need.ANYBODY,
                        call -> form(call, call.query().get("next"), 200, "")),
                Route.post("/sign-in", Access.SIGN_IN, Need.ANYBODY, this::signIn),
                Route.post("/sign-out", Access.PAGE, Need.VIEWER, this::signOut));
    }

    private Future<Reply> form(Call call, String next, int status, String problem) {
        String visitor = cookies.visitor(call.http());
        boolean known = !visitor.isEmpty();
        String cookie = known ? visitor : sessions.randomText();
        View view = new View(links, visitors.formToken(cookie), ownPath(next), problem);
        Reply reply = Reply.html(status, templates.render("signin", view));
        return Future.succeededFuture(known ? reply : cookies.greet(reply, cookie));
    }

    private Future<Reply> signIn(Call call) {
        Parameters form = call.form();
        String next = ownPath(form.get("next"));
        try {
            if (doorkeeper.opens(form.get("token"), call.http())) {
                Person admin = Person.admin(AdminToken.NAME);
                return signIns.signedIn(
                        admin,
                        "admin_token",
                        address(call),
                        () -> cookies.beginSession(Reply.seeOther(next), sessions.begin(() -> Optional.of(admin))));
            }
            var unused = signIns.refused("unknown", "wrong_token", address(call));
        } catch (Refused tooMany) {
            return form(call, next, tooMany.status(), "Too many wrong tokens from this address. Wait a minute.");
        }
        return form(call, next, 401, "That is not the admin token of this gateway.");
    }

    private Future<Reply> signOut(Call call) {
        return signIns.signedOut(call.person(), address(call), () -> {
            sessions.end(cookies.session(call.http()));
            return cookies.endSession(Reply.seeOther("/sign-in"));
        });
    }

    private static String address(Call call) {
        return String.valueOf(call.http().remoteAddress().hostAddress());
    }

    /** Only a path of our own: anything else could send the browser to a foreign site that looks like ours. */
    private static String ownPath(String next) {
        boolean own = next.startsWith("/") && !next.startsWith("//") && next.indexOf('\\') < 0;
        return own && next.chars().allMatch(c -> c > ' ' && c < 0x7f) ? next : "/";
    }
}
