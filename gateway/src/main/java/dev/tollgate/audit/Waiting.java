package dev.tollgate.audit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
    private final @Nullable Context context = Vertx.currentContext();

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

    /**
     * Completes futures where their callers run: one hop per context, which each call has of its own. In one hop for all, calls would go on in
     * step and wait for the disk together.
     */
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

    private static void dispatch(Context context, List<Waiting> theirs, @Nullable JournalFailure failure) {
        try {
            context.runOnContext(ignored -> theirs.forEach(waiting -> waiting.complete(failure)));
        } catch (RejectedExecutionException closed) {
            LOG.debug("nobody waits for {} records any more", theirs.size(), closed);
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
