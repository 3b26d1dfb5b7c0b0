package dev.tollgate.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Finds keys without asking the store at each call where that is safe: what was read is trusted as long as the store's revision says that
 * nothing changed since, so that a revoked key fails at its next call. Where the store has no revision it is asked each time, unless the
 * policy allows a key to be trusted for up to a second. Safe on any thread; a hit completes at once.
 */
public final class KeyDirectory {
    /** Most keys remembered, unknown ones included. */
    static final int MAX_REMEMBERED = 10_000;
    /** Most questions to the store at once; one more fails, because a flood of invented keys must not queue up before everybody else's. */
    static final int MAX_QUESTIONS = 1_000;
    /** Longest trust in what was read even if the revision stands still: bounds what a writer that crashed before telling can hide. */
    static final Duration MAX_TRUST = Duration.ofSeconds(1);

    private final KeyStore store;
    private final LongSupplier nanoClock;
    private final AtomicInteger questions = new AtomicInteger();
    private final Map<Asker, Pending> pending = new ConcurrentHashMap<>();
    private final Cache<String, Remembered> remembered = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MAX_REMEMBERED)
            .build();

    /**
     * @param nanoClock a monotonic clock in nanoseconds
     */
    public KeyDirectory(KeyStore store, LongSupplier nanoClock) {
        this.store = store;
        this.nanoClock = nanoClock;
    }

    /** Who asks what: answers come on the asker's own event loop, which is a thread; contexts there are one for each request. */
    private record Asker(String hash, Thread thread) {}

    /** A question under way; like an answer it may be used as long as it is trusted, from when it was asked. */
    private record Pending(Future<Optional<Key>> answer, OptionalLong revision, long askedAt) {}

    private record Remembered(Optional<Key> key, OptionalLong revision, long readAt) {}

    /**
     * The key, revoked and expired ones included; empty if nobody has it. A failed future means that it could not be found out.
     *
     * @param keyCache how long a key is trusted where the store has no revision
     */
    public Future<Optional<Key>> find(KeySecret secret, Duration keyCache) {
        if (!secret.isWellFormed()) {
            return Future.succeededFuture(Optional.empty());
        }
        String hash = secret.hash();
        Remembered known = remembered.getIfPresent(hash);
        return known != null && isTrusted(known.revision, known.readAt, keyCache)
                ? Future.succeededFuture(known.key)
                : ask(hash, keyCache);
    }

    private boolean isTrusted(OptionalLong known, long since, Duration keyCache) {
        long age = nanoClock.getAsLong() - since;
        OptionalLong revision = store.revision();
        return revision.isPresent() ? revision.equals(known) && age < MAX_TRUST.toNanos() : age < keyCache.toNanos();
    }

    private Future<Optional<Key>> ask(String hash, Duration keyCache) {
        Asker asker = new Asker(hash, Thread.currentThread());
        Pending under = pending.get(asker);
        // Many calls with one key come at once when nothing is remembered yet: one question serves them all.
        if (under != null && isTrusted(under.revision, under.askedAt, keyCache)) {
            return under.answer;
        }
        if (questions.incrementAndGet() > MAX_QUESTIONS) {
            questions.decrementAndGet();
            return Future.failedFuture(
                    new IllegalStateException("more than " + MAX_QUESTIONS + " keys are being looked up"));
        }
        // Both are taken before the question: a change while it is under way makes the answer stale at once.
        OptionalLong revision = store.revision();
        long askedAt = nanoClock.getAsLong();
        Promise<Optional<Key>> answer = Promise.promise();
        Pending asked = new Pending(answer.future(), revision, askedAt);
        pending.put(asker, asked);
        lookUp(hash)
                .map(found -> found.filter(key -> isSame(key.hash(), hash)))
                .onSuccess(found -> remembered.put(hash, new Remembered(found, revision, askedAt)))
                .onComplete(answered -> {
                    questions.decrementAndGet();
                    pending.remove(asker, asked);
                    answer.handle(answered);
                });
        return answer.future();
    }

    private Future<Optional<Key>> lookUp(String hash) {
        try {
            return store.findByHash(hash);
        } catch (RuntimeException fault) {
            return Future.failedFuture(fault);
        }
    }

    /** Compares in a time that tells nothing about where the two differ, and guards against a store that answers by prefix or case. */
    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
