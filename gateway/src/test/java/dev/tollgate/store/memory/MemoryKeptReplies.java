package dev.tollgate.store.memory;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Kept replies of one test: behaves as the real stores do. */
public final class MemoryKeptReplies implements KeptReplies {
    private final Map<String, KeptReply> replies = new ConcurrentHashMap<>();
    private final Map<String, Erasure> words = new ConcurrentHashMap<>();

    @Override
    public Future<Void> put(KeptReply reply, Instant now) {
        replies.values().removeIf(old -> !now.isBefore(old.until()));
        replies.put(
                reply.fingerprint(),
                words.values().stream()
                        .filter(word -> word.reaches(reply))
                        .findFirst()
                        .map(reply::erasedBy)
                        .orElse(reply));
        return Future.succeededFuture();
    }

    @Override
    public Future<Optional<KeptReply>> find(String fingerprint, Instant now) {
        return Future.succeededFuture(
                Optional.ofNullable(replies.get(fingerprint)).filter(kept -> now.isBefore(kept.until())));
    }

    @Override
    public Future<Optional<KeptReply>> findOfAnySession(String anySession, Instant now) {
        return Future.succeededFuture(replies.values().stream()
                .filter(kept ->
                        kept.anySession().equals(anySession) && kept.erased() == null && now.isBefore(kept.until()))
                .max(Comparator.comparing(kept -> kept.owner().at())));
    }

    @Override
    public Future<Long> erase(Erasure word) {
        words.put(word.subject(), word);
        List<KeptReply> theirs = replies.values().stream()
                .filter(kept -> kept.erased() == null && word.reaches(kept))
                .toList();
        theirs.forEach(kept -> replies.put(kept.fingerprint(), kept.erasedBy(word)));
        return Future.succeededFuture((long) theirs.size());
    }

    @Override
    public Future<Void> drop(String fingerprint) {
        replies.remove(fingerprint);
        return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> any(Instant now) {
        return Future.succeededFuture(replies.values().stream().anyMatch(kept -> now.isBefore(kept.until())));
    }

    @Override
    public boolean isShared() {
        return false;
    }
}
