package dev.tollgate.console;

import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a request through to its action, or not. */
final class Doorkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final String BEARER = "bearer ";

    private final AdminToken admin;
    private final AccessTokenStore tokens;
    private final InstantSource clock;
    private final Sessions sessions;
    private final Visitors visitors;
    private final Cookies cookies;
    private final WrongTokens wrongTokens;

    /**
     * @param rooms tokens that open the API
     * @param entrance who is signed in, and who is not yet
     * @param wrongTokens counts what does not open by address
     */
    Doorkeeper(Collaborators rooms, Entrance entrance, WrongTokens wrongTokens, InstantSource clock) {
        this.admin = rooms.admin();
        this.tokens = rooms.tokens();
        this.clock = clock;
        this.sessions = entrance.sessions();
        this.visitors = entrance.visitors();
        this.cookies = entrance.cookies();
        this.wrongTokens = wrongTokens;
    }

    /** Runs the call's action if whoever asks may. */
    Future<Reply> admit(Call call) {
        return switch (call.route().access()) {
            case OPEN -> run(call);
            case SIGN_IN -> asVisitor(call);
            case PAGE, POLL -> asPerson(call);
            case API -> asProgram(call);
        };
    }

    /** Whether the token opens the console; a wrong one is counted. */
    boolean opens(String token, String address) {
        if (admin.matches(token)) {
            return true;
        }
        wrong("admin token", address);
        return false;
    }

    /** What the admin token proves. */
    Proof byToken() {
        return new Proof.ByToken(admin.fingerprint());
    }

    /** Whom a token of the API stands for; a wrong one is counted. */
    private Future<Optional<Person>> known(String token, String address) {
        if (!AccessTokenMint.isWellFormed(token)) {
            return Future.succeededFuture(
                    opens(token, address) ? Optional.of(Person.admin(AdminToken.NAME)) : Optional.empty());
        }
        return tokens.findByHash(AccessTokenMint.hash(token)).map(found -> {
            Optional<Person> person =
                    found.filter(kept -> kept.isUsableAt(clock.instant())).map(AccessToken::person);
            if (person.isEmpty()) {
                wrong("token of the API", address);
            }
            return person;
        });
    }

    private void wrong(String what, String address) {
        if (wrongTokens.isTooMany(address)) {
            throw new Refused(
                    429,
                    "too_many_attempts",
                    "more than " + Limits.MAX_WRONG_TOKENS
                            + " wrong tokens from this address within a minute: wait a minute");
        }
        LOG.warn("wrong {} from {}", what, address);
    }

    private Future<Reply> asVisitor(Call call) {
        requireOwnPage(call.http());
        if (!visitors.matches(cookies.visitor(call.http()), call.form().get("csrf"))) {
            throw new Refused(
                    403, "form_token_missing", "the sign-in form is out of date: load it again (cookies must be on)");
        }
        return run(call);
    }

    private Future<Reply> asPerson(Call call) {
        boolean byPerson = call.route().access() == Route.Access.PAGE;
        return sessions.find(cookies.session(call.http()), byPerson)
                .compose(found -> found.map(session -> inSession(call, session))
                        .orElseGet(() -> Future.succeededFuture(toSignIn(call))));
    }

    private Future<Reply> inSession(Call call, Session session) {
        Optional<Person> person = session.person();
        if (person.isEmpty()) {
            return Future.succeededFuture(toSignIn(call));
        }
        if (call.route().method().equals("POST")) {
            requireOwnPage(call.http());
            // Without this any page could make a signed-in browser approve calls.
            if (!Digests.equal(session.csrf(), call.form().get("csrf"))) {
                throw new Refused(
                        403, "form_token_missing", "the form's token is missing or out of date: load the page again");
            }
        }
        return run(call.by(session, person.get()))
                .compose(reply -> sessions.remember(session).map(kept -> reply));
    }

    private Future<Reply> asProgram(Call call) {
        String authorization = call.http().getHeader("Authorization");
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unauthorized();
        }
        String token = authorization.substring(BEARER.length()).strip();
        return known(token, Entrance.address(call))
                .compose(person -> run(call.by(person.orElseThrow(Doorkeeper::unauthorized))));
    }

    private static Refused unauthorized() {
        return new Refused(
                401,
                "unauthorized",
                "the token is missing, wrong, expired or revoked: send the admin token, or one made for the API, as"
                        + " Authorization: Bearer <token>");
    }

    /** Browsers say where a form comes from; a request that names another place was not made by a person on our page. */
    private static void requireOwnPage(HttpServerRequest http) {
        String origin = http.getHeader("Origin");
        String host = String.valueOf(http.getHeader("Host"));
        String site = http.getHeader("Sec-Fetch-Site");
        boolean ownOrigin = origin == null
                || origin.equalsIgnoreCase("http://" + host)
                || origin.equalsIgnoreCase("https://" + host);
        boolean ownSite = site == null || site.equals("same-origin") || site.equals("none");
        if (!ownOrigin || !ownSite) {
            throw new Refused(403, "foreign_origin", "the request does not come from a page of this console");
        }
    }

    private static Reply toSignIn(Call call) {
        if (call.wantsPiece()) {
            return Reply.text(401, "text/plain; charset=utf-8", "The session is over.")
                    .with("HX-Redirect", "/sign-in");
        }
        if (!call.route().method().equals("GET")) {
            return Reply.seeOther("/sign-in");
        }
        String query = call.http().query();
        String asked = call.http().path() + (query == null ? "" : "?" + query);
        return Reply.seeOther("/sign-in?next=" + URLEncoder.encode(asked, StandardCharsets.UTF_8));
    }

    private static Future<Reply> run(Call call) {
        Route.Need need = call.route().need();
        // A role that a route does not ask for would be one that everybody has.
        if (need != Route.Need.ANYBODY && !need.isMetBy(call.person())) {
            throw Refused.notAllowed(need.words());
        }
        return call.route().action().apply(call);
    }
}
