package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link KeyStore} must do. */
@Timeout(30)
public abstract class KeyStoreContract {
    protected static final Instant NOW = Instant.parse("2026-05-04T10:00:00.123Z");

    private final SecureRandom random = new SecureRandom();

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract KeyStore store();

    @Test
    void add_key_isFoundWithAllItsParts() throws Exception {
        Key key = key(NOW, NOW.plusSeconds(60), new Scopes(Set.of("openai/*", "smart"), Set.of("openai")));

        await(store().add(key));

        assertThat(await(store().findByHash(key.hash()))).contains(key);
    }

    @Test
    void add_keyWithoutLimits_staysWithoutLimits() throws Exception {
        Key key = key(NOW, null, Scopes.ALL);

        await(store().add(key));

        assertThat(await(store().findByHash(key.hash())).orElseThrow()).isEqualTo(key);
    }

    @Test
    void find_unknownHash_isEmpty() throws Exception {
        await(store().add(key(NOW, null, Scopes.ALL)));

        assertThat(await(store().findByHash("0".repeat(64)))).isEmpty();
    }

    @Test
    void add_sameHashOrId_fails() throws Exception {
        Key key = key(NOW, null, Scopes.ALL);
        Key other = key(NOW, null, Scopes.ALL);
        await(store().add(key));

        assertThatThrownBy(() -> await(store().add(withIdAndHash(other.id(), key.hash()))))
                .isInstanceOf(Exception.class);
        assertThatThrownBy(() -> await(store().add(withIdAndHash(key.id(), other.hash()))))
                .isInstanceOf(Exception.class);
        assertThat(await(store().list(10))).containsExactly(key);
    }

    @Test
    void revoke_key_keepsTheFirstMoment() throws Exception {
        Key key = key(NOW, null, Scopes.ALL);
        await(store().add(key));

        assertThat(await(store().revoke(key.id(), NOW.plusSeconds(1)))).isTrue();
        assertThat(await(store().revoke(key.id(), NOW.plusSeconds(2)))).isTrue();

        assertThat(await(store().findByHash(key.hash())).orElseThrow().revokedAt())
                .isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void revoke_unknownKey_isFalse() throws Exception {
        assertThat(await(store().revoke(new KeyId("key_none"), NOW))).isFalse();
    }

    @Test
    void find_byId_isTheKeyOrEmpty() throws Exception {
        Key key = key(NOW, null, Scopes.ALL);
        await(store().add(key));

        assertThat(await(store().find(key.id()))).contains(key);
        assertThat(await(store().find(new KeyId("key_none")))).isEmpty();
    }

    @Test
    void endBy_key_endsThenUnlessItEndsSooner() throws Exception {
        Key key = key(NOW, null, Scopes.ALL);
        await(store().add(key));

        assertThat(await(store().endBy(key.id(), NOW.plusSeconds(60)))).isTrue();
        assertThat(await(store().endBy(key.id(), NOW.plusSeconds(90)))).isTrue();

        assertThat(await(store().find(key.id())).orElseThrow().expiresAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(await(store().endBy(key.id(), NOW.plusSeconds(30)))).isTrue();
        assertThat(await(store().find(key.id())).orElseThrow().expiresAt()).isEqualTo(NOW.plusSeconds(30));
        assertThat(await(store().endBy(new KeyId("key_none"), NOW))).isFalse();
    }

    @Test
    void list_always_isNewestFirstAndBounded() throws Exception {
        Key oldest = key(NOW, null, Scopes.ALL);
        Key middle = key(NOW.plusSeconds(1), null, Scopes.ALL);
        Key newest = key(NOW.plusSeconds(2), null, Scopes.ALL);
        await(store().add(middle));
        await(store().add(newest));
        await(store().add(oldest));

        assertThat(await(store().list(2))).containsExactly(newest, middle);
    }

    @Test
    void revision_whereThereIsOne_changesWithEveryChangeOnly() throws Exception {
        Key key = key(NOW, null, Scopes.ALL);
        OptionalLong atFirst = store().revision();
        assertThat(await(store().findByHash(key.hash()))).isEmpty();
        OptionalLong afterReading = store().revision();
        await(store().add(key));
        OptionalLong afterAdding = store().revision();
        assertThat(await(store().revoke(key.id(), NOW))).isTrue();
        OptionalLong afterRevoking = store().revision();
        assertThat(await(store().endBy(key.id(), NOW))).isTrue();
        OptionalLong afterEnding = store().revision();

        assertThat(afterReading).isEqualTo(atFirst);
        if (atFirst.isPresent()) {
            assertThat(afterAdding).isNotEqualTo(afterReading);
            assertThat(afterRevoking).isNotEqualTo(afterAdding);
            assertThat(afterEnding).isNotEqualTo(afterRevoking);
        }
    }

    protected final Key key(Instant createdAt, @Nullable Instant expiresAt, Scopes scopes) {
        return new KeyMint(random, InstantSource.fixed(createdAt))
                .mint(new AgentId("coder"), new TeamId("core"), scopes, expiresAt)
                .key();
    }

    @CanIgnoreReturnValue
    private static Key withIdAndHash(KeyId id, String hash) {
        return new Key(id, hash, new AgentId("a"), new TeamId("t"), Scopes.ALL, NOW, null, null);
    }

    @CanIgnoreReturnValue
    protected static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
