package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class AdminTokenTest {
    @Test
    void matches_theTokenOnly() {
        String token = "t".repeat(AdminToken.MIN_CHARACTERS);
        AdminToken admin = new AdminToken(token);

        assertThat(admin.matches(token)).isTrue();
        assertThat(admin.matches("")).isFalse();
        assertThat(admin.matches(token + " ")).isFalse();
        assertThat(admin.toString()).doesNotContain(token);
    }

    @Test
    void token_emptyOrShort_isRefused() {
        assertThatThrownBy(() -> new AdminToken("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdminToken("t".repeat(AdminToken.MIN_CHARACTERS - 1)))
                .hasMessageContaining("at least 32");
    }
}
