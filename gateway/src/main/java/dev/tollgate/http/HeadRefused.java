package dev.tollgate.http;

/** A request head or framing that is not accepted. The message says what, never the bytes. */
final class HeadRefused extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    HeadRefused(String message) {
        this(400, message);
    }

    HeadRefused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
