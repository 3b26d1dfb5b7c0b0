package dev.tollgate.wire;

import static dev.tollgate.wire.WireRequests.json;
import static dev.tollgate.wire.WireRequests.lines;
import static dev.tollgate.wire.WireRequests.plain;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Facts;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpaqueWireTest {
    private static final byte[] BINARY = {'P', 'K', 3, 4, 0, (byte) 0xff, (byte) 0xfe};
    private final Wire wire = new OpaqueWire();

    @Test
    void json_ofAnyShape_isReadWhole() {
        Facts facts = wire.read(json("images/generations", "{\"model\":\"img-1\",\"prompt\":\"a cat\",\"n\":2}"));

        assertThat(lines(facts)).containsExactly("OTHER prompt new a cat");
        assertThat(facts.model()).isEqualTo("img-1");
        assertThat(facts.choices()).isEqualTo(2);
        assertThat(facts.generates()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "model/anthropic.claude-v2%3A1/converse,               anthropic.claude-v2:1, true",
        "rerank,                                               m,                     false",
        "moderations,                                          m,                     false",
        "projects/p/publishers/anthropic/models/c@1:rawPredict, c@1,                  true",
        "ai/run/@cf/meta/llama,                                @cf/meta/llama,        true",
    })
    void model_ofAPathOrBody_isRead(String path, String model, boolean generates) {
        Facts facts = wire.read(json(path, model.equals("m") ? "{\"model\":\"m\"}" : "{}"));

        assertThat(facts.model()).isEqualTo(model);
        assertThat(facts.generates()).isEqualTo(generates);
    }

    @Test
    void text_ofAnyType_isOneText() {
        assertThat(lines(wire.read(plain("x", "application/x-www-form-urlencoded", "a=b&c=d e".getBytes(UTF_8)))))
                .containsExactly("OTHER body new a=b&c=d e");
        assertThat(lines(wire.read(plain("x", "", "héllo".getBytes(UTF_8))))).containsExactly("OTHER body new héllo");
        assertThat(wire.read(plain("x", "", new byte[0])).texts()).isEmpty();
    }

    @Test
    void bytes_thatAreNoText_areSaidToBeNotScanned() {
        assertThat(wire.read(plain("x", "application/zip", BINARY)).notScanned())
                .containsExactly("application/zip body");
        assertThat(wire.read(plain("x", "my secret/type", BINARY)).notScanned())
                .containsExactly("application/zip body");
        assertThat(wire.read(plain("x", "my secret/type", new byte[20])).notScanned())
                .containsExactly("application/octet-stream body");
        assertThat(wire.read(plain("x", "image/png", BINARY)).notScanned()).containsExactly("application/zip body");
        assertThat(wire.read(plain("x", "text/plain", "sneaky".getBytes(UTF_16LE)))
                        .notScanned())
                .containsExactly("text/plain body");
        assertThat(wire.read(plain("x", "text/plain; charset=utf-7", "+AHM-".getBytes(UTF_8)))
                        .notScanned())
                .containsExactly("text/plain body");
    }

    @Test
    void multipart_isReadPartByPart_withOffsetsAndWithoutGaps() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("before\r\n--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--B\r\n"
                .getBytes(UTF_8));
        body.writeBytes(
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\nContent-Type: application/zip\r\n\r\n"
                        .getBytes(UTF_8));
        body.writeBytes(BINARY);
        body.writeBytes(
                "\r\n--B\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nTwo\r\nlines\r\n--B--\r\nafter"
                        .getBytes(UTF_8));
        byte[] bytes = body.toByteArray();

        Facts facts = wire.read(plain("audio/transcriptions", "multipart/form-data; boundary=B", bytes));

        assertThat(facts.model()).isEqualTo("whisper-1");
        assertThat(facts.modelStart()).isEqualTo(-1);
        assertThat(facts.notScanned()).containsExactly("application/zip part[2]");
        assertThat(facts.texts())
                .filteredOn(text -> !text.path().endsWith(".head"))
                .extracting(text -> text.path() + " " + text.value())
                .containsExactly("part[0] before", "part[1] whisper-1", "part[3] Two\r\nlines", "part[4] --\r\nafter");
        assertThat(facts.texts()).allSatisfy(text -> {
            assertThat(new String(Arrays.copyOfRange(bytes, text.start(), text.end()), UTF_8))
                    .isEqualTo(text.value());
            assertThat(text.isJsonString()).isFalse();
        });
        assertThat(facts.texts())
                .filteredOn(text -> text.path().equals("part[2].head"))
                .singleElement()
                .satisfies(text -> assertThat(text.value()).contains("filename=\"a.zip\""));
    }

    @Test
    void multipart_withoutItsBoundary_isOneBody() {
        assertThat(lines(wire.read(plain("x", "multipart/form-data", "any".getBytes(UTF_8)))))
                .containsExactly("OTHER part[0] new any");
        assertThat(lines(wire.read(plain("x", "multipart/form-data; boundary=Z", "any".getBytes(UTF_8)))))
                .containsExactly("OTHER part[0] new any");
    }
}
