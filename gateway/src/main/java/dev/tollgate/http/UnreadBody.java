package dev.tollgate.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** The rest of a request that was answered before it had come whole. */
final class UnreadBody {
    private static final int MAX_BYTES = 256 * 1024;
    private static final long PATIENCE_MILLIS = 1000;

    private UnreadBody() {}

    /** Gives a client that is still sending a moment to read the answer: closing at once would take it away from it. */
    static void leave(HttpServerRequest request) {
        if (request.isEnded() || request.version() == HttpVersion.HTTP_2) {
            return;
        }
        long[] unread = {0};
        request.exceptionHandler(ignored -> {});
        request.handler(piece -> {
            unread[0] += piece.length();
            if (unread[0] > MAX_BYTES) {
                var unused = request.connection().close();
            }
        });
        request.endHandler(ignored -> {
            var unused = request.connection().close();
        });
        request.resume();
        Vertx.currentContext().owner().setTimer(PATIENCE_MILLIS, ignored -> {
            var unused = request.connection().close();
        });
    }
}
