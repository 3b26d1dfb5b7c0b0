package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Jackson writes the same form: what a text looks like in the log is not ours to invent. */
class CanonicalJsonTest {
    @Test
    void texts_ofAllCharacters_areWrittenAsJacksonWritesThem() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                switch (random.nextInt(4)) {
                    case 0 -> text.append((char) random.nextInt(0x90));
                    case 1 -> text.append((char) random.nextInt(0xD800));
                    case 2 -> text.append((char) random.nextInt(0xE000, 0x10000));
                    default -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
                }
            }
            String value = text.toString();

            byte[] ours = new CanonicalJson(4)
                    .beginObject()
                    .text(value, value)
                    .endObject()
                    .toByteArray();

            assertThat(new String(ours, UTF_8)).isEqualTo(jackson(value));
        }
    }

    private static String jackson(String value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField(value, value);
            json.writeEndObject();
        }
        return bytes.toString(UTF_8);
    }

    @Test
    void structure_nested_hasItsCommasWhereTheyBelong() {
        CanonicalJson json = new CanonicalJson(1).beginObject();
        json.texts("none", List.of()).texts("two", List.of("a", "b")).beginArray("objects");
        json.beginObject().endObject();
        json.beginObject().number("n", -1).number("d", 0.5).nothing("x").endObject();
        json.endArray().beginObject("o").endObject().text("last", "");

        assertThat(new String(json.endObject().toByteArray(), UTF_8))
                .isEqualTo("{\"none\":[],\"two\":[\"a\",\"b\"],\"objects\":[{},{\"n\":-1,\"d\":0.5,\"x\":null}],"
                        + "\"o\":{},\"last\":\"\"}");
    }
}
