package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.wire.JsonEdits.Change;
import dev.tollgate.wire.JsonEdits.Edit;
import dev.tollgate.wire.ReplyStrings.Said;
import dev.tollgate.wire.ReplyStrings.Strings;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonEditsTest {
    private static String edited(String json, Edit... edits) throws Exception {
        byte[] bytes = json.getBytes(UTF_8);
        Said said = ReplyStrings.of(bytes, false).said().getFirst();
        return new String(JsonEdits.apply(bytes, List.of(new Change(said, List.of(edits)))), UTF_8);
    }

    @Test
    void apply_stringWithEscapesAndLongCharacters_changesOnlyWhatIsReplaced() throws Exception {
        String json = "{ \"a\":\"\\u00e4\\/ä漢😀\\ud83d\\ude00\\n-X-\" , \"n\":1.0 }";

        assertThat(edited(json, new Edit(10, 11, "\"\\\n")))
                .isEqualTo("{ \"a\":\"\\u00e4\\/ä漢😀\\ud83d\\ude00\\n-\\\"\\\\\\n-\" , \"n\":1.0 }");
    }

    @Test
    void apply_severalEdits_areMadeInOrder() throws Exception {
        assertThat(edited("{\"a\":\"abcdef\"}", new Edit(0, 0, "<"), new Edit(1, 3, ""), new Edit(5, 6, "F>")))
                .isEqualTo("{\"a\":\"<adeF>\"}");
    }

    @Test
    void strings_ofArguments_haveNamesToo_inTheOrderInWhichTheyStand() throws Exception {
        Strings strings = ReplyStrings.of(
                "{\"args\":{\"to\":\"ann\", \"a b\" : [\"x\"],\"c d\":1},\"e f\":\"g\"}".getBytes(UTF_8), false);

        assertThat(strings.said()).extracting(Said::text).containsExactly("ann", "a b", "x", "c d", "g");
        assertThat(strings.said()).extracting(Said::start).isSorted();
    }

    @Test
    void sse_withOtherData_keepsItsOtherLinesAndEndings() {
        byte[] raw = "id: 7\r\ndata: {\"a\":\r\ndata:1}\r\n: note\r\n\r\n".getBytes(UTF_8);

        byte[] with = new SseReader(1000).with(raw, "{\"a\":\n1}".getBytes(UTF_8), "{\"b\":\n2}".getBytes(UTF_8));

        assertThat(new String(with, UTF_8)).isEqualTo("id: 7\r\ndata: {\"b\":\r\ndata: 2}\r\n: note\r\n\r\n");
    }

    @Test
    void array_withAnotherElement_keepsWhatStandsBefore() {
        byte[] raw = ",\n {\"a\":1}".getBytes(UTF_8);

        assertThat(new String(
                        new JsonArrayReader(1000).with(raw, "{\"a\":1}".getBytes(UTF_8), "{\"b\":22}".getBytes(UTF_8)),
                        UTF_8))
                .isEqualTo(",\n {\"b\":22}");
    }

    @Test
    void strings_endOfABlock_isTold_andWholeTextsStandAlone() throws Exception {
        Strings stop = ReplyStrings.of("{\"type\":\"content_block_stop\",\"index\":3}".getBytes(UTF_8), true);
        Strings done = ReplyStrings.of(
                "{\"type\":\"response.output_text.done\",\"output_index\":1,\"content_index\":0,\"text\":\"all\"}"
                        .getBytes(UTF_8),
                true);
        Strings delta = ReplyStrings.of(
                "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":1,\"delta\":\"{\"}"
                        .getBytes(UTF_8),
                true);

        assertThat(stop.over()).isEqualTo("#3|");
        assertThat(done.over()).isEqualTo("#1#0|");
        assertThat(done.said().getFirst().channel()).isEmpty();
        assertThat(delta.over()).isNull();
        assertThat(delta.said().getFirst().channel()).startsWith("#1|");
        assertThat(delta.said().getFirst().isJson()).isTrue();
    }
}
