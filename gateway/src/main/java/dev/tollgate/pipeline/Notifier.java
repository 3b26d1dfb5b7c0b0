package dev.tollgate.pipeline;

import io.vertx.core.Future;

/** Tells people outside. Never waits: who could not be told stands in the log. Safe on any thread. */
@FunctionalInterface
public interface Notifier {
    void tell(Notice notice);

    /** Tells people; done, and never failed, when all of them know or have been given up. */
    default Future<Void> deliver(Notice notice) {
        tell(notice);
        return Future.succeededFuture();
    }
}
