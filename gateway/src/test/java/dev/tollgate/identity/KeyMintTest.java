package dev.tollgate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.TeamId;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class KeyMintTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

    private final KeyMint mint = new KeyMint(new SecureRandom(), InstantSource.fixed(NOW));

    @Test
    void mint_always_makesAWellFormedSecretAndKeepsOnlyItsHash() {
        KeyMint.Minted minted = mint.mint(new AgentId("coder"), new TeamId("core"), Scopes.ALL, null);

        assertThat(minted.secret().value()).matches("tg_[0-9A-Za-z]{43}");
        assertThat(minted.secret().isWellFormed()).isTrue();
        assertThat(minted.key().hash()).isEqualTo(minted.secret().hash()).matches("[0-9a-f]{64}");
        assertThat(minted.key().id().value()).matches("key_[0-9A-Za-z]{12}");
        assertThat(minted.key().createdAt()).isEqualTo(NOW);
        assertThat(minted.key().isUsableAt(NOW)).isTrue();
    }

    @Test
    void mint_withAllBitsSet_stillFitsItsDigits() {
        KeyMint full = new KeyMint(new Repeating((byte) 0xff), InstantSource.fixed(NOW));

        assertThat(full.mint(new AgentId("a"), new TeamId("t"), Scopes.ALL, null)
                        .secret()
                        .isWellFormed())
                .isTrue();
    }

    @Test
    void mint_withNoBitSet_isPadded() {
        KeyMint empty = new KeyMint(new Repeating((byte) 0), InstantSource.fixed(NOW));

        assertThat(empty.mint(new AgentId("a"), new TeamId("t"), Scopes.ALL, null)
                        .secret()
                        .value())
                .isEqualTo("tg_" + "0".repeat(43));
    }

    @Test
    void printing_never_showsSecretOrHash() {
        KeyMint.Minted minted = mint.mint(new AgentId("coder"), new TeamId("core"), Scopes.ALL, null);

        assertThat(minted.toString())
                .doesNotContain(minted.secret().value(), minted.key().hash());
    }

    @Test
    void key_afterItsExpiry_isNotUsable() {
        Key key = mint.mint(new AgentId("a"), new TeamId("t"), Scopes.ALL, NOW.plusSeconds(1))
                .key();

        assertThat(key.isUsableAt(NOW)).isTrue();
        assertThat(key.isUsableAt(NOW.plusSeconds(1))).isFalse();
    }

    @Test
    void secret_withoutThePrefix_isRefusedWithoutEcho() {
        assertThatThrownBy(() -> new KeySecret("sk-" + "a".repeat(43)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a gateway key begins with tg_");
    }

    @Test
    void secret_ofOtherLengthOrAlphabet_isNotWellFormed() {
        assertThat(new KeySecret("tg_" + "a".repeat(42)).isWellFormed()).isFalse();
        assertThat(new KeySecret("tg_" + "a".repeat(44)).isWellFormed()).isFalse();
        assertThat(new KeySecret("tg_" + "a".repeat(42) + "-").isWellFormed()).isFalse();
    }

    /** A source of one byte, for the ends of the range. */
    private static final class Repeating extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte value;

        private Repeating(byte value) {
            this.value = value;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, value);
        }
    }
}
