package dev.tollgate.console;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.value.Person;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request to the console, whole.
 *
 * @param http its head, for header fields
 * @param route what it matched
 * @param id what stood in the place of the route's {@code {id}}; empty where it has none
 * @param query fields of the query string
 * @param body what was sent, at most {@link Limits#MAX_BODY_BYTES}
 * @param signedIn the session; null where the route needs none
 * @param known who asks; null where anybody may
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record Call(
        HttpServerRequest http,
        Route route,
        String id,
        Parameters query,
        byte[] body,
        @Nullable Session signedIn,
        @Nullable Person known) {
    Call(HttpServerRequest http, Route route, String id, Parameters query, byte[] body) {
        this(http, route, id, query, body, null, null);
    }

    /** This call as a signed-in person makes it. */
    Call by(Session session, Person person) {
        return new Call(http, route, id, query, body, session, person);
    }

    /** This call as a program makes it. */
    Call by(Person person) {
        return new Call(http, route, id, query, body, null, person);
    }

    /** Who asks. */
    Person person() {
        if (known == null) {
            throw new IllegalStateException("the route " + route.pattern() + " is open to anybody");
        }
        return known;
    }

    /** Refuses whoever does not decide a team's calls: whoever may must be asked for what was said in them, too. */
    void requireDecider(String team) {
        if (!mayDecide(team)) {
            throw Refused.notAllowed(Route.Need.APPROVER.words() + " for the team " + team);
        }
    }

    /** Whether whoever asks decides held calls of a team. */
    boolean mayDecide(String team) {
        return person().duties().stream().anyMatch(duty -> !duty.role().equals(Person.VIEWER) && duty.isFor(team));
    }

    /** Refuses whoever is no admin of a team. */
    void requireAdmin(String team) {
        if (!person().has(Person.ADMIN, team)) {
            throw Refused.notAllowed(Route.Need.ADMIN.words() + " for the team " + team);
        }
    }

    Session session() {
        if (signedIn == null) {
            throw new IllegalStateException("the route " + route.pattern() + " has no session");
        }
        return signedIn;
    }

    Parameters form() {
        return Parameters.parse(new String(body, StandardCharsets.UTF_8));
    }

    /** The body as a JSON object; an empty body is an empty object. */
    Json.Obj document() {
        byte[] text = body.length == 0 ? new byte[] {'{', '}'} : body;
        try {
            return JsonReader.readObject(text);
        } catch (JsonRefused malformed) {
            throw Refused.badRequest("the body is not a JSON object: " + malformed.getMessage());
        }
    }

    /** Whether htmx asks, and wants a piece of the page. */
    boolean wantsPiece() {
        return "true".equals(http.getHeader("HX-Request"));
    }

    @Override
    public String toString() {
        return "Call[" + route.method() + " " + route.pattern() + "]";
    }
}
