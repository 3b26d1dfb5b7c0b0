package dev.tollgate.identity;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps tokens of the console's API, moments to the millisecond. A failed future means that the store is away. */
public interface AccessTokenStore {
    /** The token with this hash, revoked and expired ones included. Sees every change acknowledged before it was called, on every node. */
    Future<Optional<AccessToken>> findByHash(String hash);

    /** The token of this id, revoked and expired ones included. */
    Future<Optional<AccessToken>> find(String id);

    /** Keeps a new token. Fails if its id or hash exists. */
    Future<Void> add(AccessToken token);

    /** Marks a token revoked. Yields false if there is no such token; revoking twice keeps the first moment. */
    Future<Boolean> revoke(String id, Instant at);

    /** All tokens, newest first, at most {@code limit}. */
    Future<List<AccessToken>> list(int limit);
}
