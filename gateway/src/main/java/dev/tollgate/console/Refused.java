package dev.tollgate.console;

/** A request that cannot be done as asked: told to whoever asked, in a page or as JSON. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    /**
     * @param status of the answer
     * @param code stable lower_snake_case
     * @param message what, which value, which limit
     */
    Refused(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static Refused badRequest(String message) {
        return new Refused(400, "bad_request", message);
    }

    /**
     * @param needed what whoever asks would have to be
     */
    static Refused notAllowed(String needed) {
        return new Refused(403, "role_missing", "this needs " + needed);
    }

    static Refused notFound(String message) {
        return new Refused(404, "not_found", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
