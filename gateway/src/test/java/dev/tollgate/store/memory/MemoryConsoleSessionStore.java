package dev.tollgate.store.memory;

import dev.tollgate.identity.ConsoleSession;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.identity.ConsoleSessionStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Who is signed in within one test: behaves as the real stores do. */
public final class MemoryConsoleSessionStore implements ConsoleSessionStore {
    private final Map<String, ConsoleSession> byHash = new HashMap<>();

    public synchronized int size() {
        return byHash.size();
    }

    @Override
    public synchronized Future<Void> begin(ConsoleSession session, int most) {
        List<String> beyond = byHash.values().stream()
                .sorted(Comparator.comparing(ConsoleSession::usedAt).reversed())
                .skip(most - 1)
                .map(ConsoleSession::hash)
                .toList();
        beyond.forEach(byHash::remove);
        byHash.put(session.hash(), session);
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<ConsoleSession>> find(String hash) {
        return Future.succeededFuture(Optional.ofNullable(byHash.get(hash)));
    }

    @Override
    public Future<Void> touch(String hash, Instant usedAt) {
        return change(
                hash,
                one -> usedAt.isAfter(one.usedAt())
                        ? new ConsoleSession(one.hash(), one.proof(), one.begunAt(), usedAt, one.notice())
                        : one);
    }

    @Override
    public Future<Void> tell(String hash, String notice) {
        return change(hash, one -> new ConsoleSession(one.hash(), one.proof(), one.begunAt(), one.usedAt(), notice));
    }

    private synchronized Future<Void> change(String hash, UnaryOperator<ConsoleSession> how) {
        byHash.computeIfPresent(hash, (same, one) -> how.apply(one));
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Void> end(String hash) {
        byHash.remove(hash);
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Integer> endOf(String issuer, String subject, String session, Instant begunUntil) {
        int before = byHash.size();
        byHash.values()
                .removeIf(one -> one.proof() instanceof ByProvider by
                        && by.issuer().equals(issuer)
                        && (subject.isEmpty() || by.subject().equals(subject))
                        && (session.isEmpty() || by.session().equals(session))
                        && !one.begunAt().isAfter(begunUntil));
        return Future.succeededFuture(before - byHash.size());
    }

    @Override
    public synchronized Future<Void> sweep(Instant begunBefore, Instant usedBefore) {
        byHash.values()
                .removeIf(one ->
                        one.begunAt().isBefore(begunBefore) || one.usedAt().isBefore(usedBefore));
        return Future.succeededFuture();
    }
}
