package dev.tollgate.exchange;

import io.vertx.core.Future;

/** The request body, not yet read: nothing of it is taken from the connection until a stage asks. */
@FunctionalInterface
public interface BodySource {
    /** A source for requests that have no body. */
    BodySource EMPTY = () -> Future.succeededFuture(Body.EMPTY);

    /**
     * Reads the whole body. Call once.
     *
     * @return the body as it came; fails with {@link BodyRefused} where a limit is passed
     */
    Future<Body> read();

    /** The body cannot be taken. Carries the status for the client (400, 408, 413, 415) and a message naming what and which limit. */
    final class BodyRefused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        public BodyRefused(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
