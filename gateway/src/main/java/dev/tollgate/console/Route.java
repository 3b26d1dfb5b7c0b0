package dev.tollgate.console;

import dev.tollgate.value.Person;
import io.vertx.core.Future;

/**
 * What is done for one kind of request.
 *
 * @param method HTTP method; {@code GET} stands for {@code HEAD} too
 * @param pattern path, with at most one {@code {id}} as a whole segment
 * @param access how it is proven who asks
 * @param need what they must be
 * @param action does it
 */
record Route(String method, String pattern, Access access, Need need, Action action) {
    /** How it is proven who asks. */
    enum Access {
        /** Anybody. */
        OPEN,
        /** The sign-in form, whose token is bound to a visitor's cookie. */
        SIGN_IN,
        /** A signed-in browser. A {@code POST} must carry the session's form token and come from the console's own pages. */
        PAGE,
        /** A request that a page makes by itself: as {@link #PAGE}, but does not keep the session alive. */
        POLL,
        /** The admin token, or a token made for the API, as a bearer token. */
        API
    }

    /** What somebody must be to ask. Whatever belongs to a team is checked, or left out, by the action besides. */
    enum Need {
        /** Nobody in particular. */
        ANYBODY,
        /** Whoever has some role for some team. */
        VIEWER,
        /** Whoever has some role for all teams: for what cannot be told apart by team. */
        VIEWER_OF_ALL,
        /** Whoever decides held calls, for some team. */
        APPROVER,
        /** An admin, of some team. */
        ADMIN,
        /** An admin of all teams: for what concerns everybody. */
        ADMIN_OF_ALL;

        boolean isMetBy(Person person) {
            return switch (this) {
                case ANYBODY -> true;
                case VIEWER -> !person.duties().isEmpty();
                case VIEWER_OF_ALL -> person.maySee(Person.ALL_TEAMS);
                // Which of them may decide a ticket is for its hold to say.
                case APPROVER ->
                    person.duties().stream().anyMatch(duty -> !duty.role().equals(Person.VIEWER));
                case ADMIN ->
                    person.duties().stream().anyMatch(duty -> duty.role().equals(Person.ADMIN));
                case ADMIN_OF_ALL -> person.isAdmin();
            };
        }

        /** In words, for who is refused. */
        String words() {
            return switch (this) {
                case ANYBODY -> "nothing";
                case VIEWER -> "a role";
                case VIEWER_OF_ALL -> "a role for all teams";
                case APPROVER -> "the role approver";
                case ADMIN -> "the role admin";
                case ADMIN_OF_ALL -> "the role admin for all teams";
            };
        }
    }

    /** The work. A thrown {@link Refused} counts as a failed future. */
    @FunctionalInterface
    interface Action {
        Future<Reply> apply(Call call);
    }

    private static final String ID = "{id}";

    static Route get(String pattern, Access access, Need need, Action action) {
        return new Route("GET", pattern, access, need, action);
    }

    static Route post(String pattern, Access access, Need need, Action action) {
        return new Route("POST", pattern, access, need, action);
    }

    static Route delete(String pattern, Access access, Need need, Action action) {
        return new Route("DELETE", pattern, access, need, action);
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
