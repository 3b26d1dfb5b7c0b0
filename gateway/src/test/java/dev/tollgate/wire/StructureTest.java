package dev.tollgate.wire;

import static dev.tollgate.wire.WireRequests.json;
import static dev.tollgate.wire.WireRequests.lines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StructureTest {
    private static final String KEY_BODY = "Zq4TnW81LmXvB7RcYp2K";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user",
                "text_editor_20250728",
                "claude-sonnet-4-5-20250929",
                "image/png",
                "web_search_call",
                "additionalProperties"
            })
    void token_ofAnApi_isStructure(String value) {
        assertThat(Structure.isToken(value)).isTrue();
        assertThat(Structure.isStructural("type", value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "two words",
                "someone@example.org",
                "4111111111111111",
                "555-12-3456",
                "+4915112345678",
                "user\\n",
                "rôle"
            })
    void token_thatIsNoToken_isText(String value) {
        assertThat(Structure.isToken(value)).isFalse();
    }

    @Test
    void secret_inStructuralMembers_isFoundByTheReader() {
        String key = "AKIA" + KEY_BODY;
        String body =
                "{\"model\":\"%1$s\",\"messages\":[{\"role\":\"%1$s\",\"content\":[{\"type\":\"sk-%1$s\"}]}],\"service_tier\":\"x-%1$s\"}"
                        .formatted(key);

        assertThat(lines(new OpenAiChatWire().read(json("chat/completions", body))))
                .hasSize(4)
                .allMatch(line -> line.contains(key));
    }

    @Test
    void secret_inANameOfAMember_isFoundAndKeptOutOfPaths() {
        String body = "{\"metadata\": {\"a\":1 , \"ghp_%s\" : {\"x\":\"say \\\"hi\\\"\"}}}".formatted(KEY_BODY);

        assertThat(lines(new OpenAiChatWire().read(json("chat/completions", body))))
                .containsExactly("METADATA metadata.* new ghp_" + KEY_BODY, "METADATA metadata.*.x new say \"hi\"");
    }

    @Test
    void name_ofAMember_hasTheOffsetsOfItsString() {
        String body = "{\"a\":[1,2] , \"x\\u0020\\\"y\" :\n{\"b b\":2}}";

        var texts = new OpenAiChatWire().read(json("chat/completions", body)).texts();

        assertThat(texts)
                .extracting(text -> body.substring(text.start(), text.end()))
                .containsExactly("\"x\\u0020\\\"y\"", "\"b b\"");
    }

    @Test
    void number_longEnoughToBeSomebodys_isText() {
        assertThat(lines(new OpenAiChatWire()
                        .read(json("chat/completions", "{\"seed\":4111111111111111,\"n\":12,\"t\":0.123456789}"))))
                .containsExactly("OTHER seed new 4111111111111111");
    }
}
