package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

final class MediaTest {
    private static final String TEXT = Base64.getEncoder()
            .encodeToString("a secret that would like to be an image, please, and long enough".getBytes(UTF_8));

    private static String binary() {
        byte[] bytes = new byte[90];
        bytes[0] = (byte) 0x89;
        bytes[1] = 'P';
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void text_thatCallsItselfAnImage_isRead() {
        assertThat(Media.of("data:image/png;base64," + TEXT, "url", null)).isNull();
        assertThat(Media.of("data:image/png,not base64 at all", "url", null)).isNull();
        assertThat(Media.of(TEXT, "data", null)).isNull();
    }

    @Test
    void medium_inAnUnknownPlace_isRead() {
        assertThat(Media.of(binary(), "prompt", null)).isNull();
        assertThat(Media.of(binary(), "data", null)).isEqualTo(Media.UNKNOWN);
        assertThat(Media.of("data:image/png;base64," + binary(), "prompt", null))
                .isEqualTo("image/png");
    }

    @Test
    void type_madeUpByTheClient_isNotRepeated() {
        assertThat(Media.of("data:my secret;base64," + binary(), "url", null)).isEqualTo(Media.UNKNOWN);
    }
}
