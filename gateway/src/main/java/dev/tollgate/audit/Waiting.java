package dev.tollgate.audit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A record that waits to be written, and whoever waits for it. */
final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private final AuditRecord record;
    private final byte[] json;
    private final Promise<Void> promise = Promise.promise();
    private final @Nullable Context context = callers();

    Waiting(AuditRecord record, byte[] json) {
        this.record = record;
        this.json = json;
    }

    AuditRecord record() {
        return record;
    }

    byte[] json() {
        return json;
    }

    Future<Void> future() {
        return promise.future();
    }

    /** Completes futures where their callers run: one hop per event loop, not per record. */
    static void complete(List<Waiting> done, @Nullable JournalFailure failure) {
        IdentityHashMap<Context, List<Waiting>> byContext = new IdentityHashMap<>();
        for (Waiting waiting : done) {
            if (waiting.context == null) {
                waiting.complete(failure);
            } else {
                byContext
                        .computeIfAbsent(waiting.context, c -> new ArrayList<>())
                        .add(waiting);
            }
        }
        byContext.forEach((context, theirs) -> dispatch(context, theirs, failure));
    }

    /** Requests have contexts of their own, all upon the one of their event loop. */
    private static @Nullable Context callers() {
        Context current = Vertx.currentContext();
        return current instanceof ContextInternal internal ? internal.unwrap() : current;
    }

    private static void dispatch(Context context, List<Waiting> theirs, @Nullable JournalFailure failure) {
        try {
            context.runOnContext(ignored -> theirs.forEach(waiting -> waiting.completeApart(failure)));
        } catch (RejectedExecutionException closed) {
            LOG.debug("nobody waits for {} records any more", theirs.size(), closed);
        }
    }

    /** What goes wrong behind one record keeps none of the others waiting. */
    private void completeApart(@Nullable JournalFailure failure) {
        try {
            complete(failure);
        } catch (RuntimeException | Error fault) { // whatever it is, it is the fault of whoever waited for this record
            LOG.error("whoever waited for a record failed when it was written", fault);
        }
    }

    private void complete(@Nullable JournalFailure failure) {
        if (failure == null) {
            promise.complete();
        } else {
            promise.fail(failure);
        }
    }
}
