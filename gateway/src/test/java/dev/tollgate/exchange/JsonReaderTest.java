package dev.tollgate.exchange;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.exchange.JsonReader.JsonRefused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonReaderTest {
    @Test
    void strings_read_rememberTheirBytes() throws JsonRefused {
        byte[] body = "{ \"a\" : \"x\\n\\u00e9é😀\", \"b\":[ 12345678901234567890, -1.50e3,true,null, {\"c\":\"\"} ] }"
                .getBytes(StandardCharsets.UTF_8);

        Json.Obj top = JsonReader.readObject(body);

        assertThat(top.string("a")).isEqualTo("x\néé😀");
        assertThat(source(body, requireNonNull(top.get("a")))).isEqualTo("\"x\\n\\u00e9é😀\"");
        List<Json> elements = top.elements("b");
        assertThat(elements.stream().map(element -> source(body, element)))
                .containsExactly("12345678901234567890", "-1.50e3", "true", "null", "{\"c\":\"\"}");
        assertThat(source(body, top)).isEqualTo(new String(body, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":1} x",
                "{\"a\":1}{}",
                "{\"a\":1/*c*/}",
                "{\"a\":'x'}",
                "{a:1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":1,}",
                "{\"a\":",
                "[1]",
                "",
                "\"x\"",
                "\uFEFF{}"
            })
    void document_ambiguous_isRefused(String document) {
        assertThatThrownBy(() -> JsonReader.readObject(document.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JsonRefused.class);
    }

    @Test
    void bytes_notUtf8_areRefused() {
        byte[][] malformed = {
            {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0x80, '"', '}'},
            {'{', '"', 'a', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'},
            {'{', '"', 'a', '"', ':', '"', (byte) 0xFF, '"', '}'},
        };

        for (byte[] body : malformed) {
            assertThatThrownBy(() -> JsonReader.readObject(body)).isInstanceOf(JsonRefused.class);
        }
    }

    @Test
    void nesting_beyondTheLimit_isRefusedByName() {
        String deep = "{\"a\":" + "[".repeat(101) + "]".repeat(101) + "}";

        assertThatThrownBy(() -> JsonReader.readObject(deep.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JsonRefused.class)
                .hasMessageContaining("100");
    }

    @Test
    void splices_applied_changeOnlyTheirBytes() throws JsonRefused {
        byte[] body = "{\"a\":\"old\",\"b\":\"keep\"}".getBytes(StandardCharsets.UTF_8);
        Json a = requireNonNull(JsonReader.readObject(body).get("a"));

        byte[] changed = Splice.apply(
                body, List.of(Splice.of(a.start(), a.end(), "\"longer than before\""), Splice.of(1, 1, "\"z\":0,")));

        assertThat(new String(changed, StandardCharsets.UTF_8))
                .isEqualTo("{\"z\":0,\"a\":\"longer than before\",\"b\":\"keep\"}");
    }

    private static String source(byte[] body, Json value) {
        return new String(body, value.start(), value.end() - value.start(), StandardCharsets.UTF_8);
    }
}
