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
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n'};
        System.arraycopy(png, 0, bytes, 0, png.length);
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
        assertThat(Media.of(binary(), "data", null)).isEqualTo("image/png");
        assertThat(Media.of("data:image/png;base64," + binary(), "prompt", null))
                .isEqualTo("image/png");
    }

    @Test
    void type_madeUpByTheClient_isNotRepeated() {
        assertThat(Media.of("data:my secret;base64," + binary(), "url", null)).isEqualTo("image/png");
    }

    @Test
    void blob_thatNothingCallsAMedium_isRead() {
        byte[] bytes = new byte[90];
        bytes[1] = 1;

        assertThat(Media.of(Base64.getEncoder().encodeToString(bytes), "data", null))
                .isNull();
    }

    @Test
    void archive_thatCallsItselfAnImage_isAnArchive() {
        byte[] bytes = new byte[90];
        System.arraycopy(new byte[] {'P', 'K', 3, 4}, 0, bytes, 0, 4);
        String zip = Base64.getEncoder().encodeToString(bytes);

        assertThat(Media.of("data:image/png;base64," + zip, "url", null)).isEqualTo("application/zip");
    }
}
