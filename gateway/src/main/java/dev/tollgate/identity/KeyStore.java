package dev.tollgate.identity;

import dev.tollgate.value.KeyId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps keys. A failed future means that the store is away. */
public interface KeyStore {
    /** The key with this hash, revoked and expired ones included. Answers a revocation at once, on every node. */
    Future<Optional<Key>> findByHash(String hash);

    /** Keeps a new key. Fails if its id or hash exists. */
    Future<Void> add(Key key);

    /** Marks a key revoked. Yields false if there is no such key; revoking twice keeps the first moment. */
    Future<Boolean> revoke(KeyId id, Instant at);

    /** All keys, newest first, at most {@code limit}. */
    Future<List<Key>> list(int limit);
}
