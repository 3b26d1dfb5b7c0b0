package dev.tollgate.stage;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Where work is done that would hold an event loop up. The future completes on the loop that asked. */
@FunctionalInterface
public interface Offload {
    <T> Future<T> run(Callable<T> work);

    /** On the worker threads of Vert.x. */
    static Offload workers(Vertx vertx) {
        return new Offload() {
            @Override
            public <T> Future<T> run(Callable<T> work) {
                return vertx.executeBlocking(work, false);
            }
        };
    }
}
