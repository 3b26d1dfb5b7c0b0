package dev.tollgate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.store.memory.MemoryKeyStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class KeyDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private final KeyMint mint = new KeyMint(new SecureRandom(), InstantSource.fixed(NOW));
    private final KeyMint.Minted minted = mint.mint(new AgentId("coder"), new TeamId("core"), Scopes.ALL, null);
    private long nanos;

    @Test
    void find_twiceWithoutChange_asksOnce() {
        MemoryKeyStore store = holding(true);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);

        Optional<Key> first = find(directory, minted.secret());
        Optional<Key> second = find(directory, minted.secret());

        assertThat(first).contains(minted.key()).isEqualTo(second);
        assertThat(store.questions()).isEqualTo(1);
    }

    @Test
    void find_afterRevocation_seesItAtTheNextCall() {
        MemoryKeyStore store = holding(true);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        assertThat(find(directory, minted.secret()).orElseThrow().revokedAt()).isNull();

        assertThat(store.revoke(minted.key().id(), NOW).result()).isTrue();

        assertThat(find(directory, minted.secret()).orElseThrow().revokedAt()).isEqualTo(NOW);
    }

    @Test
    void find_whileARevocationIsUnderWay_forgetsTheAnswerAtOnce() {
        PausedStore store = new PausedStore(minted.key());
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        Future<Optional<Key>> before = directory.find(minted.secret(), Duration.ZERO);

        store.revision = 2;
        store.answer.complete(Optional.of(minted.key()));
        store.answer = Promise.promise();
        store.answer.complete(Optional.of(minted.key().revoked(NOW)));

        assertThat(before.result()).contains(minted.key());
        assertThat(find(directory, minted.secret()).orElseThrow().revokedAt()).isEqualTo(NOW);
    }

    @Test
    void find_withoutRevision_asksEachTime() {
        MemoryKeyStore store = holding(false);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);

        assertThat(find(directory, minted.secret())).isPresent();
        assertThat(find(directory, minted.secret())).isPresent();

        assertThat(store.questions()).isEqualTo(2);
    }

    @Test
    void find_withoutRevisionButTrust_asksAgainWhenTheTrustEnds() {
        MemoryKeyStore store = holding(false);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        Duration trust = Duration.ofMillis(500);
        assertThat(directory.find(minted.secret(), trust).result()).isPresent();
        assertThat(store.revoke(minted.key().id(), NOW).result()).isTrue();

        nanos = trust.toNanos() - 1;
        assertThat(directory.find(minted.secret(), trust).result().orElseThrow().revokedAt())
                .isNull();

        nanos = trust.toNanos();
        assertThat(directory.find(minted.secret(), trust).result().orElseThrow().revokedAt())
                .isEqualTo(NOW);
    }

    @Test
    void find_afterASecond_asksAgainEvenIfTheRevisionStandsStill() {
        MemoryKeyStore store = holding(true);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        assertThat(find(directory, minted.secret())).isPresent();

        nanos = KeyDirectory.MAX_TRUST.toNanos();
        assertThat(find(directory, minted.secret())).isPresent();

        assertThat(store.questions()).isEqualTo(2);
    }

    @Test
    void find_unknownKey_isRememberedUntilSomethingChanges() {
        MemoryKeyStore store = new MemoryKeyStore(true);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        assertThat(find(directory, minted.secret())).isEmpty();
        assertThat(find(directory, minted.secret())).isEmpty();
        assertThat(store.questions()).isEqualTo(1);

        assertThat(store.add(minted.key()).succeeded()).isTrue();

        assertThat(find(directory, minted.secret())).contains(minted.key());
    }

    @Test
    void find_malformedKey_asksNobody() {
        MemoryKeyStore store = holding(true);

        assertThat(find(new KeyDirectory(store, () -> nanos), new KeySecret("tg_short")))
                .isEmpty();
        assertThat(store.questions()).isZero();
    }

    @Test
    void find_storeAway_failsAndRemembersNothing() {
        MemoryKeyStore store = holding(true);
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        store.goAway();

        assertThat(directory.find(minted.secret(), Duration.ZERO).failed()).isTrue();
        assertThat(directory.find(minted.secret(), Duration.ZERO).failed()).isTrue();
    }

    @Test
    void find_storeAnsweringAnotherKey_isNoMatch() {
        PausedStore store = new PausedStore(minted.key());
        store.answer.complete(Optional.of(
                mint.mint(new AgentId("a"), new TeamId("t"), Scopes.ALL, null).key()));

        assertThat(find(new KeyDirectory(store, () -> nanos), minted.secret())).isEmpty();
    }

    @Test
    void find_tooManyQuestionsAtOnce_failsUntilSomeAreAnswered() {
        PausedStore store = new PausedStore(minted.key());
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        for (int i = 0; i < KeyDirectory.MAX_QUESTIONS; i++) {
            assertThat(directory.find(invented(i), Duration.ZERO).isComplete()).isFalse();
        }

        assertThat(directory.find(minted.secret(), Duration.ZERO).cause()).hasMessageContaining("1000");

        store.answer.complete(Optional.of(minted.key()));
        assertThat(find(directory, minted.secret())).contains(minted.key());
    }

    private static KeySecret invented(int number) {
        return new KeySecret("tg_" + "%043d".formatted(number));
    }

    @Test
    void find_ofOneKeyByManyAtOnce_isOneQuestion() {
        PausedStore store = new PausedStore(minted.key());
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        List<Future<Optional<Key>>> answers = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            answers.add(directory.find(minted.secret(), Duration.ofSeconds(1)));
        }
        assertThat(store.questions).isEqualTo(1);

        store.answer.complete(Optional.of(minted.key()));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.result()).contains(minted.key()));
    }

    @Test
    void find_afterAChange_doesNotJoinAnOlderQuestion() {
        PausedStore store = new PausedStore(minted.key());
        KeyDirectory directory = new KeyDirectory(store, () -> nanos);
        Future<Optional<Key>> before = directory.find(minted.secret(), Duration.ofSeconds(1));

        store.revision++;
        Future<Optional<Key>> after = directory.find(minted.secret(), Duration.ofSeconds(1));

        assertThat(before).isNotSameAs(after);
        assertThat(store.questions).isEqualTo(2);
    }

    private Optional<Key> find(KeyDirectory directory, KeySecret secret) {
        return directory.find(secret, Duration.ZERO).result();
    }

    private MemoryKeyStore holding(boolean hasRevision) {
        MemoryKeyStore store = new MemoryKeyStore(hasRevision);
        assertThat(store.add(minted.key()).succeeded()).isTrue();
        return store;
    }

    /** Answers when the test says so. */
    private static final class PausedStore implements KeyStore {
        private final Key key;
        private Promise<Optional<Key>> answer = Promise.promise();
        private long revision = 1;
        private int questions;

        private PausedStore(Key key) {
            this.key = key;
        }

        @Override
        public Future<Optional<Key>> findByHash(String hash) {
            questions++;
            return answer.future();
        }

        @Override
        public Future<Optional<Key>> find(KeyId id) {
            return Future.succeededFuture(Optional.of(key));
        }

        @Override
        public Future<Boolean> endBy(KeyId id, Instant at) {
            return Future.succeededFuture(false);
        }

        @Override
        public Future<Void> add(Key added) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Boolean> revoke(KeyId id, Instant at) {
            return Future.succeededFuture(false);
        }

        @Override
        public OptionalLong revision() {
            return OptionalLong.of(revision);
        }

        @Override
        public Future<List<Key>> list(int limit) {
            return Future.succeededFuture(List.of(key));
        }
    }
}
