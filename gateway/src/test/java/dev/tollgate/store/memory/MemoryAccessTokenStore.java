package dev.tollgate.store.memory;

import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Tokens of one test: behaves as the real stores do. */
public final class MemoryAccessTokenStore implements AccessTokenStore {
    private final List<AccessToken> tokens = new ArrayList<>();

    @Override
    public synchronized Future<Optional<AccessToken>> findByHash(String hash) {
        return Future.succeededFuture(
                tokens.stream().filter(token -> token.hash().equals(hash)).findFirst());
    }

    @Override
    public synchronized Future<Optional<AccessToken>> find(String id) {
        return Future.succeededFuture(
                tokens.stream().filter(token -> token.id().equals(id)).findFirst());
    }

    @Override
    public synchronized Future<Void> add(AccessToken token) {
        if (tokens.stream()
                .anyMatch(kept -> kept.id().equals(token.id()) || kept.hash().equals(token.hash()))) {
            return Future.failedFuture(new IllegalStateException("token exists: " + token.id()));
        }
        tokens.add(token);
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Boolean> revoke(String id, Instant at) {
        boolean known = tokens.stream().anyMatch(token -> token.id().equals(id));
        tokens.replaceAll(token -> token.id().equals(id) ? token.revoked(at) : token);
        return Future.succeededFuture(known);
    }

    @Override
    public synchronized Future<List<AccessToken>> list(int limit) {
        return Future.succeededFuture(tokens.stream()
                .sorted(Comparator.comparing(AccessToken::createdAt).reversed())
                .limit(limit)
                .toList());
    }
}
