package dev.tollgate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.wire.ReplyContent.Tool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplyContentTest {
    private static ReplyContent read(String reply) {
        return ReplyContent.of(reply.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private static String events(String... data) {
        StringBuilder stream = new StringBuilder();
        for (String one : data) {
            stream.append("data: ").append(one).append("\n\n");
        }
        return stream.toString();
    }

    @Test
    void chat_documentAndStream_sayTheSame() {
        ReplyContent document = read(
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hello\",\"tool_calls\":"
                        + "[{\"id\":\"1\",\"function\":{\"name\":\"read\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}]}");
        ReplyContent stream = read(events(
                "{\"choices\":[{\"delta\":{\"content\":\"hel\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}\r",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"read\",\"arguments\":\"{\\\"a\\\"\"}}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]},\"finish_reason\":\"tool_calls\"}]}",
                "[DONE]"));

        assertThat(stream).isEqualTo(document);
        assertThat(document)
                .isEqualTo(new ReplyContent("hello", "", List.of(new Tool("read", "{\"a\":1}")), "tool_calls", ""));
    }

    @Test
    void anthropic_documentAndStream_sayTheSame() {
        ReplyContent document = read("{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},"
                + "{\"type\":\"text\",\"text\":\"hello\"},{\"type\":\"tool_use\",\"name\":\"read\",\"input\":{\"a\":1}}],"
                + "\"stop_reason\":\"tool_use\"}");
        ReplyContent stream = read("event: message_start\n"
                + events(
                        "{\"type\":\"message_start\",\"message\":{}}",
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}",
                        "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                        "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"hello\"}}",
                        "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"name\":\"read\",\"input\":{}}}",
                        "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":1}\"}}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"}}"));

        assertThat(stream).isEqualTo(document);
        assertThat(document.tools()).containsExactly(new Tool("read", "{\"a\":1}"));
        assertThat(document.reasoning()).isEqualTo("hm");
    }

    @Test
    void responses_stream_isReadFromItsLastEvent_orFromThoseBeforeItWhereItBrokeOff() {
        String deltas = events(
                "{\"type\":\"response.output_text.delta\",\"delta\":\"hel\"}",
                "{\"type\":\"response.output_text.delta\",\"delta\":\"lo\"}");

        ReplyContent cut = read(deltas);
        ReplyContent whole = read(deltas
                + events(
                        "{\"type\":\"response.completed\",\"response\":{\"object\":\"response\",\"status\":\"completed\",\"output\":"
                                + "[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"hello\"}]},"
                                + "{\"type\":\"function_call\",\"name\":\"read\",\"arguments\":\"{}\"}]}}"));

        assertThat(cut.text()).isEqualTo("hello");
        assertThat(whole).isEqualTo(new ReplyContent("hello", "", List.of(new Tool("read", "{}")), "completed", ""));
    }

    @Test
    void gemini_arrayAndEvents_sayTheSame() {
        String first =
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},{\"text\":\"hel\"}]}}]}";
        String second =
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"lo\"},{\"functionCall\":{\"name\":\"read\","
                        + "\"args\":{\"a\":1}}}]},\"finishReason\":\"STOP\"}]}";

        assertThat(read("[" + first + ",\n" + second + "]"))
                .isEqualTo(read(events(first, second)))
                .isEqualTo(new ReplyContent("hello", "hm", List.of(new Tool("read", "{\"a\":1}")), "STOP", ""));
    }

    @Test
    void error_isTold_andWhatIsNoReplyIsNone() throws Exception {
        ReplyContent error = read("{\"error\":{\"message\":\"overloaded\",\"type\":\"x\"}}");

        assertThat(error.error()).isEqualTo("overloaded");
        assertThat(ReplyContent.parse(error.toJson())).isEqualTo(error);
        assertThat(ReplyContent.of(new byte[] {1, 2, 3})).isEmpty();
        assertThat(ReplyContent.of("{\"data\":[]}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
