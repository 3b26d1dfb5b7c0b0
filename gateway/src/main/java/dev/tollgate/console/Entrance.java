package dev.tollgate.console;

import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.value.Person;
import io.vertx.core.Future;

/**
 * What every way of signing in needs.
 *
 * @param templates the pages
 * @param links addresses of stylesheet and scripts
 * @param sessions who is signed in
 * @param visitors form tokens of who is not yet
 * @param cookies of both
 * @param signIns puts it on the log
 * @param policy says whether there is an identity provider
 */
record Entrance(
        Templates templates,
        Assets.Links links,
        Sessions sessions,
        Visitors visitors,
        Cookies cookies,
        SignIns signIns,
        PolicyDesk policy) {

    /**
     * What the page shows.
     *
     * @param links addresses of stylesheet and scripts
     * @param csrf form token of this visitor
     * @param next where to go afterwards
     * @param hasProvider whether there is an identity provider to sign in at
     * @param problem why it did not work; empty at first
     */
    record View(Assets.Links links, String csrf, String next, boolean hasProvider, String problem) {}

    /** What is shown on the way from the identity provider. */
    record Arrival(Assets.Links links, String next) {}

    /** The page to sign in at. */
    Future<Reply> form(Call call, String next, int status, String problem) {
        String visitor = cookies.visitor(call.http());
        boolean known = !visitor.isEmpty();
        String cookie = known ? visitor : sessions.randomText();
        boolean hasProvider = policy.current().bundle().console().oidc() != null;
        View view = new View(links, visitors.formToken(cookie), ownPath(next), hasProvider, problem);
        Reply reply = Reply.html(status, templates.render("signin", view));
        return Future.succeededFuture(known ? reply : cookies.greet(reply, cookie));
    }

    /**
     * Lets somebody in, under a session id that nobody knew before.
     *
     * @param proof by what they came
     */
    Future<Reply> enter(Call call, Person person, Proof proof, Reply reply) {
        String how = switch (proof) {
            case Proof.ByToken token -> "admin_token";
            case Proof.ByProvider provider -> "oidc";
        };
        // An id from before could be one that somebody else has put there.
        return signIns.signedIn(
                person,
                how,
                address(call),
                () -> sessions.end(cookies.session(call.http()))
                        .compose(ended -> sessions.begin(proof))
                        .map(cookie -> cookies.beginSession(reply, cookie)));
    }

    static String address(Call call) {
        return String.valueOf(call.http().remoteAddress().hostAddress());
    }

    /** Only a path of our own: anything else could send the browser to a foreign site that looks like ours. */
    static String ownPath(String next) {
        boolean own = next.startsWith("/") && !next.startsWith("//") && next.indexOf('\\') < 0;
        return own && next.chars().allMatch(c -> c > ' ' && c < 0x7f) ? next : "/";
    }
}
