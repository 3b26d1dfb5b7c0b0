package dev.tollgate.store.memory;

import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.value.KeyId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Keys of one test: behaves as the real stores do, counts the questions, and can be taken away. */
public final class MemoryKeyStore implements KeyStore {
    private final List<Key> keys = new ArrayList<>();
    private final boolean hasRevision;
    private long revision;
    private boolean isAway;
    private int questions;

    public MemoryKeyStore(boolean hasRevision) {
        this.hasRevision = hasRevision;
    }

    /** Makes every later question fail. */
    public synchronized void goAway() {
        isAway = true;
    }

    /** How often a key was asked for. */
    public synchronized int questions() {
        return questions;
    }

    @Override
    public synchronized Future<Optional<Key>> findByHash(String hash) {
        questions++;
        return isAway
                ? Future.failedFuture(new IllegalStateException("the store is away"))
                : Future.succeededFuture(
                        keys.stream().filter(key -> key.hash().equals(hash)).findFirst());
    }

    @Override
    public synchronized Future<Void> add(Key key) {
        if (keys.stream()
                .anyMatch(kept -> kept.id().equals(key.id()) || kept.hash().equals(key.hash()))) {
            return Future.failedFuture(new IllegalStateException("key exists: " + key.id()));
        }
        keys.add(key);
        revision++;
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<Key>> find(KeyId id) {
        return Future.succeededFuture(
                keys.stream().filter(key -> key.id().equals(id)).findFirst());
    }

    @Override
    public Future<Boolean> revoke(KeyId id, Instant at) {
        return changed(id, key -> key.revoked(at));
    }

    @Override
    public Future<Boolean> endBy(KeyId id, Instant at) {
        return changed(id, key -> key.endingBy(at));
    }

    private synchronized Future<Boolean> changed(KeyId id, UnaryOperator<Key> change) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).id().equals(id)) {
                keys.set(i, change.apply(keys.get(i)));
                revision++;
                return Future.succeededFuture(true);
            }
        }
        return Future.succeededFuture(false);
    }

    @Override
    public synchronized OptionalLong revision() {
        return hasRevision ? OptionalLong.of(revision) : OptionalLong.empty();
    }

    @Override
    public synchronized Future<List<Key>> list(int limit) {
        return Future.succeededFuture(keys.stream()
                .sorted(Comparator.comparing(Key::createdAt).reversed())
                .limit(limit)
                .toList());
    }
}
