package dev.tollgate.console;

import io.vertx.core.Future;

/**
 * What is done for one kind of request.
 *
 * @param method HTTP method; {@code GET} stands for {@code HEAD} too
 * @param pattern path, with at most one {@code {id}} as a whole segment
 * @param access who may
 * @param action does it
 */
record Route(String method, String pattern, Access access, Action action) {
    /** Who may ask, and how it is proven. */
    enum Access {
        /** Anybody. */
        OPEN,
        /** The sign-in form, whose token is bound to a visitor's cookie. */
        SIGN_IN,
        /** A signed-in browser. A {@code POST} must carry the session's form token and come from the console's own pages. */
        PAGE,
        /** A request that a page makes by itself: as {@link #PAGE}, but does not keep the session alive. */
        POLL,
        /** The admin token as a bearer token. */
        API
    }

    /** The work. A thrown {@link Refused} counts as a failed future. */
    @FunctionalInterface
    interface Action {
        Future<Reply> apply(Call call);
    }

    private static final String ID = "{id}";

    static Route get(String pattern, Access access, Action action) {
        return new Route("GET", pattern, access, action);
    }

    static Route post(String pattern, Access access, Action action) {
        return new Route("POST", pattern, access, action);
    }

    static Route delete(String pattern, Access access, Action action) {
        return new Route("DELETE", pattern, access, action);
    }

    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    /** Whether a decoded path fits the pattern. */
    boolean fits(String path) {
        int at = pattern.indexOf(ID);
        if (at < 0) {
            return pattern.equals(path);
        }
        String tail = pattern.substring(at + ID.length());
        return path.length() > at + tail.length()
                && path.startsWith(pattern.substring(0, at))
                && path.endsWith(tail)
                && idOf(path).indexOf('/') < 0;
    }

    /** What stands in the place of {@code {id}}; empty where the pattern has none. */
    String idOf(String path) {
        int at = pattern.indexOf(ID);
        return at < 0 ? "" : path.substring(at, path.length() - (pattern.length() - at - ID.length()));
    }
}
