package dev.tollgate.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.KeyDirectory;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.pipeline.Decision;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Proceed;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.IdentityPolicy;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.store.memory.MemoryKeyStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.TeamId;
import dev.tollgate.wire.Problem;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IdentifyStageTest {
    private static final Scopes SCOPES = new Scopes(Set.of("openai/*"), Set.of("openai"));

    private final MemoryKeyStore store = new MemoryKeyStore(true);
    private final IdentifyStage stage = new IdentifyStage(new KeyDirectory(store, () -> 0));
    private final KeyMint mint = new KeyMint(new SecureRandom(), InstantSource.fixed(Exchanges.NOW.minusSeconds(60)));

    @Test
    void decide_goodKey_namesTheCaller() {
        KeyMint.Minted minted = kept(null);

        Caller caller = caller(
                Headers.of("Authorization", "Bearer " + minted.secret().value(), "x-claude-code-session-id", "run-1"));

        assertThat(caller.key()).isEqualTo(minted.key().id());
        assertThat(caller.agent()).isEqualTo(new AgentId("coder"));
        assertThat(caller.team()).isEqualTo(new TeamId("core"));
        assertThat(caller.scopes()).isEqualTo(SCOPES);
        assertThat(caller.session()).contains(new SessionId("run-1"));
        assertThat(caller.passThrough()).isFalse();
    }

    @Test
    void decide_withoutKey_isMissing() {
        Problem problem = problem(decide(Headers.of("Authorization", "Bearer sk-something")));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.AUTHENTICATION);
        assertThat(problem.code()).isEqualTo("missing_key");
        assertThat(problem.message()).doesNotContain("sk-something").contains("X-Tollgate-Key");
    }

    @Test
    void decide_unknownKey_isInvalidWithoutEcho() {
        String unknown = mint.mint(new AgentId("a"), new TeamId("t"), Scopes.ALL, null)
                .secret()
                .value();

        Problem problem = problem(decide(Headers.of("x-api-key", unknown)));

        assertThat(problem.code()).isEqualTo("invalid_key");
        assertThat(problem.message()).doesNotContain(unknown);
    }

    @Test
    void decide_twoKeys_isInvalid() {
        String one = kept(null).secret().value();
        String two = kept(null).secret().value();

        assertThat(problem(decide(Headers.of("x-api-key", one, "api-key", two))).code())
                .isEqualTo("invalid_key");
    }

    @Test
    void decide_revokedKey_saysSoAtTheNextCall() {
        KeyMint.Minted minted = kept(null);
        Headers headers = Headers.of("x-api-key", minted.secret().value());
        assertThat(decide(headers).result()).isInstanceOf(Proceed.class);

        assertThat(store.revoke(minted.key().id(), Exchanges.NOW).result()).isTrue();

        Problem problem = problem(decide(headers));
        assertThat(problem.code()).isEqualTo("revoked_key");
        assertThat(problem.message())
                .contains(minted.key().id().value())
                .doesNotContain(minted.secret().value());
    }

    @Test
    void decide_expiredKey_saysSo() {
        Headers headers = Headers.of("x-api-key", kept(Exchanges.NOW).secret().value());

        assertThat(problem(decide(headers)).code()).isEqualTo("expired_key");
    }

    @Test
    void decide_storeAway_cannotDecide() {
        Headers headers = Headers.of("x-api-key", kept(null).secret().value());
        store.goAway();

        assertThat(decide(headers).failed()).isTrue();
    }

    @Test
    void decide_ownHeaderBesideClientCredential_passesItThroughWhereThePolicyAllows() {
        Headers headers =
                Headers.of("X-Tollgate-Key", kept(null).secret().value(), "Authorization", "Bearer sk-client");
        PolicySnapshot forbidden =
                Exchanges.policy(Bundles.of(new IdentityPolicy(false, Duration.ZERO, null, null)), Map.of());

        assertThat(caller(headers).passThrough()).isTrue();
        assertThat(((Proceed) stage.decide(Exchanges.received(headers, null, forbidden))
                                .result())
                        .exchange()
                        .caller()
                        .passThrough())
                .isFalse();
    }

    @Test
    void decide_keyInQuery_isFound() {
        String query = "alt=sse&key=" + kept(null).secret().value();

        assertThat(stage.decide(Exchanges.received(Headers.NONE, query)).result())
                .isInstanceOf(Proceed.class);
    }

    private KeyMint.Minted kept(@Nullable Instant expiresAt) {
        KeyMint.Minted minted = mint.mint(new AgentId("coder"), new TeamId("core"), SCOPES, expiresAt);
        assertThat(store.add(minted.key()).succeeded()).isTrue();
        return minted;
    }

    private Future<Decision> decide(Headers headers) {
        return stage.decide(Exchanges.received(headers, null));
    }

    private Caller caller(Headers headers) {
        return ((Proceed) decide(headers).result()).exchange().caller();
    }

    private static Problem problem(Future<Decision> decision) {
        return ((Deny) decision.result()).denial().problem();
    }
}
