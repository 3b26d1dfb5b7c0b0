package dev.tollgate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link AccessTokenStore} must do. */
@Timeout(30)
public abstract class AccessTokenStoreContract {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00.123Z");

    private final SecureRandom random = new SecureRandom();

    /** The store under test, empty at first, the same for the whole test. */
    protected abstract AccessTokenStore store();

    @Test
    void add_token_isFoundWithAllItsParts() throws Exception {
        AccessToken token = token(NOW);

        await(store().add(token));

        assertThat(await(store().findByHash(token.hash()))).contains(token);
        assertThat(await(store().find(token.id()))).contains(token);
        assertThat(await(store().findByHash("0".repeat(64)))).isEmpty();
        assertThat(await(store().find("tok_none"))).isEmpty();
    }

    @Test
    void add_sameTokenTwice_fails() throws Exception {
        AccessToken token = token(NOW);
        await(store().add(token));

        assertThatThrownBy(() -> await(store().add(token))).isInstanceOf(Exception.class);
        assertThat(await(store().list(10))).containsExactly(token);
    }

    @Test
    void revoke_token_keepsTheFirstMoment() throws Exception {
        AccessToken token = token(NOW);
        await(store().add(token));

        assertThat(await(store().revoke(token.id(), NOW.plusSeconds(1)))).isTrue();
        assertThat(await(store().revoke(token.id(), NOW.plusSeconds(2)))).isTrue();
        assertThat(await(store().revoke("tok_none", NOW))).isFalse();

        assertThat(await(store().find(token.id()))).contains(token.revoked(NOW.plusSeconds(1)));
    }

    @Test
    void list_always_isNewestFirstAndBounded() throws Exception {
        AccessToken oldest = token(NOW);
        AccessToken middle = token(NOW.plusSeconds(1));
        AccessToken newest = token(NOW.plusSeconds(2));
        await(store().add(middle));
        await(store().add(newest));
        await(store().add(oldest));

        assertThat(await(store().list(2))).containsExactly(newest, middle);
    }

    private AccessToken token(Instant createdAt) {
        List<Duty> duties = List.of(new Duty("viewer", "*"), new Duty("approver", "search"));
        return new AccessTokenMint(random, InstantSource.fixed(createdAt))
                .mint("ci", duties, "kim@example.org", createdAt.plusSeconds(60))
                .token();
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
