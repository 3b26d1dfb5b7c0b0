package dev.tollgate.console;

import dev.tollgate.console.Departures.Departure;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.console.oidc.Attempt;
import dev.tollgate.console.oidc.IdentityProvider;
import dev.tollgate.console.oidc.SignInRefused;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.policy.ConsolePolicy.Oidc;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signing in at the identity provider that the policy names. */
final class OidcPages {
    private static final Logger LOG = LoggerFactory.getLogger(OidcPages.class);
    private static final String RETURN = "/sign-in/oidc/return";

    private final Vertx vertx;
    private final Entrance entrance;
    private final WrongTokens wrong;
    private final RoleBook roles;
    private final boolean tls;
    private final Departures departures = new Departures();
    private @Nullable IdentityProvider provider;

    /**
     * @param wrong counts failed sign-ins by address
     * @param tls whether the console itself serves TLS
     */
    OidcPages(Vertx vertx, Entrance entrance, WrongTokens wrong, boolean tls) {
        this.vertx = vertx;
        this.entrance = entrance;
        this.wrong = wrong;
        this.roles = new RoleBook(entrance.policy());
        this.tls = tls;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/sign-in/oidc", Access.OPEN, Need.ANYBODY, this::depart),
                Route.get(RETURN, Access.OPEN, Need.ANYBODY, this::arrive),
                Route.post("/sign-in/oidc/logout", Access.OPEN, Need.ANYBODY, this::logOut));
    }

    private Future<Reply> depart(Call call) {
        String next = Entrance.ownPath(call.query().get("next"));
        IdentityProvider asked = provider()
                .orElseThrow(() -> Refused.notFound("this console knows no identity provider: set console.oidc"));
        return asked.begin(redirect(call.http()))
                .map(attempt -> sentOff(asked, attempt, next))
                .recover(away -> unreachable(call, next, away));
    }

    private Reply sentOff(IdentityProvider asked, Attempt attempt, String next) {
        String cookie = entrance.sessions().randomText();
        departures.keep(asked, attempt, cookie, next);
        return entrance.cookies().depart(Reply.seeOther(attempt.departure().toString()), cookie);
    }

    private Future<Reply> arrive(Call call) {
        Optional<Departure> begun =
                departures.take(call.query().get("state"), entrance.cookies().departure(call.http()));
        if (begun.isEmpty()) {
            return refused(
                    call,
                    "/",
                    "unknown",
                    "state_unknown",
                    "This sign-in was not begun in this browser, took too long, or was used before. Try again.");
        }
        Departure departure = begun.get();
        URI answer =
                URI.create(departure.attempt().redirect() + "?" + call.http().query());
        return departure
                .provider()
                .redeem(departure.attempt(), answer)
                .compose(identity -> known(call, departure, identity))
                .recover(failure -> failed(call, departure, failure))
                .map(reply -> entrance.cookies().depart(reply, ""));
    }

    private Future<Reply> known(Call call, Departure departure, ByProvider identity) {
        Optional<Person> person = roles.personOf(identity);
        if (person.isEmpty()) {
            return refused(
                    call,
                    departure.next(),
                    identity.name(),
                    "no_role",
                    identity.name()
                            + " has no role here. Whoever keeps the policy gives one under console.oidc.roles.");
        }
        // A page of our own in between: what comes straight from another site gets no strict cookie.
        Reply arrival = Reply.html(
                200, entrance.templates().render("arrival", new Entrance.Arrival(entrance.links(), departure.next())));
        return entrance.enter(call, person.get(), identity, arrival);
    }

    private Future<Reply> failed(Call call, Departure departure, Throwable failure) {
        return switch (failure) {
            case SignInRefused refused ->
                refused(
                        call,
                        departure.next(),
                        "unknown",
                        refused.reason(),
                        "The sign-in did not work: " + refused.getMessage() + ".");
            case Refused known -> Future.failedFuture(known);
            default -> unreachable(call, departure.next(), failure);
        };
    }

    /** Tells that somebody stays outside. Past a bound it is no longer recorded: nobody may fill the log from outside. */
    private Future<Reply> refused(Call call, String next, String name, String reason, String problem) {
        String address = Entrance.address(call);
        if (wrong.isTooMany(address)) {
            return entrance.form(call, next, 429, "Too many failed sign-ins from this address. Wait a minute.");
        }
        LOG.warn("a sign-in from {} was refused: {}", address, reason);
        return entrance.signIns()
                .refused(name, reason, address)
                .compose(told -> entrance.form(call, next, 403, problem));
    }

    private Future<Reply> unreachable(Call call, String next, Throwable away) {
        LOG.error("the identity provider cannot be asked", away);
        return entrance.form(
                call, next, 503, "The identity provider cannot be reached: the gateway's log says more. Try again.");
    }

    /**
     * Ends the sessions of which the provider says that they are over (OpenID Connect Back-Channel Logout 1.0). Those that began later stay: a
     * token that somebody keeps ends nothing twice.
     */
    private Future<Reply> logOut(Call call) {
        String address = Entrance.address(call);
        IdentityProvider asked = provider()
                .orElseThrow(() -> Refused.notFound("this console knows no identity provider: set console.oidc"));
        return asked.loggedOut(call.form().get("logout_token"))
                .compose(over -> entrance.sessions()
                        .end(
                                over.issuer(),
                                over.subject(),
                                over.session(),
                                over.at().plus(Limits.LOGOUT_SKEW))
                        .compose(ended -> entrance.signIns().endedByProvider(over, ended, address)))
                .map(told -> Reply.text(200, "text/plain; charset=utf-8", ""))
                .recover(failure -> Future.failedFuture(notLoggedOut(failure, address)));
    }

    private Refused notLoggedOut(Throwable failure, String address) {
        if (!(failure instanceof SignInRefused refused)) {
            LOG.error("a logout of the identity provider's could not be followed", failure);
            return new Refused(503, "not_logged_out", "the sessions could not be ended: try again");
        }
        if (wrong.isTooMany(address)) {
            return new Refused(429, "too_many_attempts", "too many tokens that are not good: wait a minute");
        }
        LOG.warn("a logout token from {} was refused: {}", address, refused.getMessage());
        return Refused.badRequest("the logout token is not good");
    }

    /** The provider of the policy in force: one object for as long as its settings stay the same. */
    private synchronized Optional<IdentityProvider> provider() {
        Oidc wanted = entrance.policy().current().bundle().console().oidc();
        if (wanted == null) {
            provider = null;
        } else if (provider == null || !provider.policy().equals(wanted)) {
            provider = new IdentityProvider(vertx, wanted);
        }
        return Optional.ofNullable(provider);
    }

    /** Where the provider, which compares it with what it was told before, sends the browser. */
    private URI redirect(HttpServerRequest http) {
        ConsolePolicy console = entrance.policy().current().bundle().console();
        String base = console.url() == null ? (tls ? "https://" : "http://") + http.getHeader("Host") : console.url();
        try {
            return URI.create(base + RETURN);
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest("the Host header is malformed");
        }
    }
}
