package dev.tollgate.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;

/**
 * The console's cookies. Under TLS their names begin with {@code __Host-}, which browsers accept only with Secure, Path=/ and no Domain.
 *
 * @param tls whether the console is served over TLS
 */
record Cookies(boolean tls) {
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

    String session(HttpServerRequest http) {
        return value(http, name("tollgate_session"));
    }

    String visitor(HttpServerRequest http) {
        return value(http, name("tollgate_visitor"));
    }

    /** Tells again, when the identity provider sends the browser back, that this one began the sign-in. */
    String departure(HttpServerRequest http) {
        return value(http, name("tollgate_signing_in"));
    }

    /** Not strict: it must come along when the identity provider sends the browser back. */
    Reply depart(Reply reply, String value) {
        return reply.with(
                "Set-Cookie",
                name("tollgate_signing_in") + "=" + value + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
                        + (value.isEmpty() ? 0 : Limits.DEPARTURE_LIFE.toSeconds()) + (tls ? "; Secure" : ""));
    }

    Reply beginSession(Reply reply, String value) {
        return reply.with("Set-Cookie", set("tollgate_session", value));
    }

    Reply endSession(Reply reply) {
        return reply.with("Set-Cookie", set("tollgate_session", "") + "; Max-Age=0");
    }

    Reply greet(Reply reply, String value) {
        return reply.with("Set-Cookie", set("tollgate_visitor", value));
    }

    private String set(String name, String value) {
        return name(name) + "=" + value + ATTRIBUTES + (tls ? "; Secure" : "");
    }

    private String name(String name) {
        return tls ? "__Host-" + name : name;
    }

    private static String value(HttpServerRequest http, String name) {
        Cookie cookie = http.getCookie(name);
        return cookie == null ? "" : cookie.getValue();
    }
}
