package dev.tollgate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.Splice;
import dev.tollgate.wire.MessageBorders.Stretch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MessageBordersTest {
    private static final String LONG = "x".repeat(600);

    private static List<Stretch> cut(String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return MessageBorders.of((Json.Obj) JsonReader.read(bytes), bytes.length);
    }

    private static List<String> texts(String body, List<Stretch> stretches) {
        List<String> texts = new ArrayList<>();
        stretches.forEach(
                stretch -> texts.add((stretch.grows() ? "+" : "") + body.substring(stretch.start(), stretch.end())));
        return texts;
    }

    @Test
    void conversation_always_isCutBehindEachMessageAndEachLongText() throws Exception {
        String body = "{\"model\":\"m\", \"messages\": [{\"content\":\"a\"}, {\"content\":\"" + LONG
                + "\",\"mark\":1},2 ],\"tools\":[\"" + LONG + "\"],\"n\":1}";

        assertThat(texts(body, cut(body)))
                .containsExactly(
                        "{\"model\":\"m\", \"messages\": [",
                        "+{\"content\":\"a\"}",
                        "+, {\"content\":\"" + LONG + "\"",
                        "+,\"mark\":1}",
                        "+,2",
                        " ],\"tools\":",
                        "[\"" + LONG + "\"]",
                        ",\"n\":1}");
    }

    @Test
    void bodyWithoutConversation_isOnePiece() throws Exception {
        assertThat(cut("{\"input\":\"hello\",\"messages\":[]}")).containsExactly(new Stretch(0, 31, false));
    }

    @Test
    void changes_moveTheBorders_andJoinWhatTheyLieAcross() throws Exception {
        String body = "{\"messages\":[{\"content\":\"one\"},{\"content\":\"two\"},{\"content\":\"three\"}]}";
        int two = body.indexOf("two");
        int comma = body.indexOf(",{\"content\":\"two");
        List<Splice> inside = List.of(Splice.of(two, two + 3, "[NAME_1]"), Splice.of(1, 1, "\"n\":1,"));
        List<Splice> across = List.of(Splice.of(comma - 1, comma + 1, "};"));

        for (List<Splice> splices : List.of(inside, across)) {
            String changed =
                    new String(Splice.apply(body.getBytes(StandardCharsets.UTF_8), splices), StandardCharsets.UTF_8);
            List<Stretch> shifted = MessageBorders.shifted(cut(body), splices);
            assertThat(String.join("", texts(changed, shifted)).replace("+", ""))
                    .isEqualTo(changed);
        }
        assertThat(MessageBorders.shifted(cut(body), inside)).hasSize(5);
        assertThat(MessageBorders.shifted(cut(body), across)).hasSize(4);
    }
}
