package dev.tollgate.approval;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** Keeps replies for all nodes while a person decides about the calls of tools in them. A failed future means that the store is away. */
public interface KeptReplies {
    /** Longest reply that is kept, in bytes. */
    int MAX_BYTES = 512 * 1024;

    /**
     * Keeps a reply, in the place of one that was kept for the same call; forgets those whose time is over. Of one that was erased before it
     * came here only word of that is kept.
     */
    Future<Void> put(KeptReply reply, Instant now);

    /** The reply that is kept for a call, or word of its erasure: until its time is over nobody may take it for one that was never kept. */
    Future<Optional<KeptReply>> find(String fingerprint, Instant now);

    /**
     * The reply that was kept last for the same call of any session, and has not been erased.
     *
     * @param anySession what such calls have in common, not empty
     */
    Future<Optional<KeptReply>> findOfAnySession(String anySession, Instant now);

    /**
     * Erases what is kept of a subject's calls that came in up to then, also what is still on its way here. The same erasure again does what one
     * that was cut short has left.
     *
     * @return how many this call has erased
     */
    Future<Long> erase(Erasure word);

    /** Forgets the reply of a call. */
    Future<Void> drop(String fingerprint);

    /** Whether any reply is kept. */
    Future<Boolean> any(Instant now);

    /** Whether other nodes keep replies in the same store. */
    boolean isShared();
}
