package dev.tollgate.store.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Brings answers of Redis, which arrive on the driver's thread, back to the event loop that asked. */
final class Homeward {
    private Homeward() {}

    static <T> Future<T> here(CompletionStage<T> answer) {
        @Nullable Context context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(answer) : Future.fromCompletionStage(answer, context);
    }
}
