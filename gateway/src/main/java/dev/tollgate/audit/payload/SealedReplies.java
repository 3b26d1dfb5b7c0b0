package dev.tollgate.audit.payload;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** Kept replies, compressed, and encrypted with the operator's key for payloads where there is one. */
public final class SealedReplies implements KeptReplies {
    private static final String PURPOSE = "kept replies";
    private static final int SECRET_BYTES = 32;

    private final KeptReplies store;
    private final PayloadKeys keys;

    public SealedReplies(KeptReplies store, PayloadKeys keys) {
        this.store = store;
        this.keys = keys;
    }

    @Override
    public Future<Void> put(KeptReply reply, Instant now) {
        try {
            return store.put(reply.withBody(seal(reply).close(name(reply), reply.body())), now);
        } catch (IOException impossible) {
            return Future.failedFuture(impossible);
        }
    }

    @Override
    public Future<Optional<KeptReply>> find(String fingerprint, Instant now) {
        return store.find(fingerprint, now).compose(this::opened);
    }

    @Override
    public Future<Optional<KeptReply>> findOfAnySession(String anySession, Instant now) {
        return store.findOfAnySession(anySession, now).compose(this::opened);
    }

    private Future<Optional<KeptReply>> opened(Optional<KeptReply> found) {
        if (found.isEmpty() || found.get().erased() != null) {
            return Future.succeededFuture(found);
        }
        KeptReply kept = found.get();
        try {
            return Future.succeededFuture(Optional.of(kept.withBody(seal(kept).open(name(kept), kept.body()))));
        } catch (IOException damaged) {
            return Future.failedFuture(damaged);
        }
    }

    /** One for each use: they are few, and one is not for several threads. Nothing is named with its secret. */
    private Seal seal(KeptReply reply) {
        String day = LocalDate.ofInstant(reply.until(), ZoneOffset.UTC).toString();
        return new Seal(DayKeys.derived(keys, PURPOSE, day), keys.namer(new byte[SECRET_BYTES], PURPOSE));
    }

    private static byte[] name(KeptReply reply) {
        return reply.fingerprint().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Future<Long> erase(Erasure word) {
        return store.erase(word);
    }

    @Override
    public Future<Void> drop(String fingerprint) {
        return store.drop(fingerprint);
    }

    @Override
    public boolean isShared() {
        return store.isShared();
    }

    @Override
    public Future<Boolean> any(Instant now) {
        return store.any(now);
    }
}
