package dev.tollgate.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * A promise whose future completes where the caller runs: on its Vert.x context, or on the completing thread where the caller has none
 * (commands, background threads).
 */
public final class CallerContext<T> {
    private final @Nullable Context context = Vertx.currentContext();
    private final Promise<T> promise = Promise.promise();

    public Future<T> future() {
        return promise.future();
    }

    /** Completes the future, from any thread. The first completion counts. */
    public void complete(T result) {
        dispatch(() -> promise.tryComplete(result));
    }

    /** Fails the future, from any thread. The first completion counts. */
    public void fail(Throwable failure) {
        dispatch(() -> promise.tryFail(failure));
    }

    private void dispatch(Runnable completion) {
        if (context == null) {
            completion.run();
        } else {
            context.runOnContext(ignored -> completion.run());
        }
    }
}
