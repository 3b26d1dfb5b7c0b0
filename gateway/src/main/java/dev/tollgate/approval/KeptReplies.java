package dev.tollgate.approval;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** Keeps replies for all nodes while a person decides about the calls of tools in them. A failed future means that the store is away. */
public interface KeptReplies {
    /** Longest reply that is kept, in bytes. */
    int MAX_BYTES = 512 * 1024;

    /** Keeps a reply, in the place of one that was kept for the same call; forgets those whose time is over. */
    Future<Void> put(KeptReply reply, Instant now);

    /** The reply that is kept for a call. */
    Future<Optional<KeptReply>> find(String fingerprint, Instant now);

    /** Forgets the reply of a call. */
    Future<Void> drop(String fingerprint);

    /** Whether any reply is kept. */
    Future<Boolean> any(Instant now);

    /** Whether other nodes keep replies in the same store. */
    boolean isShared();
}
