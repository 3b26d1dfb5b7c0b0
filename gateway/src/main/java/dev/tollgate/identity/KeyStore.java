package dev.tollgate.identity;

import dev.tollgate.value.KeyId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps keys, moments to the millisecond. A failed future means that the store is away. */
public interface KeyStore {
    /** The key with this hash, revoked and expired ones included. Sees every change acknowledged before it was called, on every node. */
    Future<Optional<Key>> findByHash(String hash);

    /** The key of this id, revoked and expired ones included. */
    Future<Optional<Key>> find(KeyId id);

    /** Keeps a new key. Fails if its id or hash exists. */
    Future<Void> add(Key key);

    /** Marks a key revoked. Yields false if there is no such key; revoking twice keeps the first moment. */
    Future<Boolean> revoke(KeyId id, Instant at);

    /** Lets a key end at a moment, unless it ends sooner by itself. Yields false if there is no such key. */
    Future<Boolean> endBy(KeyId id, Instant at);

    /**
     * A number that stays the same as long as no key was added or changed by anybody, so that what was read under it still holds. Read
     * without blocking, in nanoseconds.
     *
     * @return empty where this store cannot know without asking: then it is asked at each call
     */
    OptionalLong revision();

    /** All keys, newest first, at most {@code limit}. */
    Future<List<Key>> list(int limit);
}
