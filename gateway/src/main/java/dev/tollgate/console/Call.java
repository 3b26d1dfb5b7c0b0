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
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record Call(
        HttpServerRequest http,
        Route route,
        String id,
        Parameters query,
        byte[] body,
        @Nullable Session signedIn) {
    /** Whoever holds the admin token. */
    static final String ACTOR = "admin";

    Call withSession(Session session) {
        return new Call(http, route, id, query, body, session);
    }

    Session session() {
        if (signedIn == null) {
            throw new IllegalStateException("the route " + route.pattern() + " has no session");
        }
        return signedIn;
    }

    /** Who acts. */
    Person person() {
        return Person.admin(ACTOR);
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
