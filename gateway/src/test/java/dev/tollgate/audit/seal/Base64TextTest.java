package dev.tollgate.audit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Base64TextTest {
    @Test
    void bytes_comeBackFromTheirText() {
        byte[] bytes = {0, -1, 17, 4};

        assertThat(Base64Text.decode(Base64Text.of(bytes))).isEqualTo(bytes);
    }

    @Test
    void text_thatOnlyMeansTheSameBytes_isRefused() {
        assertThat(Base64Text.decode("AA==")).containsExactly(0);

        assertThatThrownBy(() -> Base64Text.decode("AB==")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Base64Text.decode("AA")).isInstanceOf(IllegalArgumentException.class);
    }
}
