package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.JsonReader;
import dev.tollgate.wire.ToolHistory.Repeats;
import org.junit.jupiter.api.Test;

final class ToolHistoryTest {
    private static final String CHAT = """
            {"role":"assistant","tool_calls":[{"function":{"name":"ls","arguments":"{}"}}]},
            {"role":"tool","content":"a"},""";

    @Test
    void calls_withEqualArguments_areCountedFromTheEnd() throws Exception {
        assertThat(chat(CHAT.repeat(3))).isEqualTo(new Repeats("ls", 3));
        assertThat(chat(CHAT.replace("{}", "{1}") + CHAT.repeat(2) + CHAT.replace("\"ls\"", "\"cat\"")))
                .isEqualTo(new Repeats("cat", 1));
        assertThat(chat(CHAT.repeat(30)).times()).isEqualTo(20);
    }

    @Test
    void calls_beforeAPersonSpoke_doNotCount() throws Exception {
        assertThat(chat(CHAT.repeat(3) + "{\"role\":\"user\",\"content\":\"go on\"}," + CHAT))
                .isEqualTo(new Repeats("ls", 1));
        assertThat(chat(CHAT.repeat(3) + "{\"role\":\"user\",\"content\":\"thanks\"},"))
                .isEqualTo(Repeats.NONE);
    }

    @Test
    void parallelCalls_ofTheLastTurn_areEachCompared() throws Exception {
        String parallel = """
                {"role":"assistant","tool_calls":[{"function":{"name":"cat","arguments":"{}"}},{"function":{"name":"ls","arguments":"{}"}}]},
                {"role":"tool","content":"a"},{"role":"tool","content":"b"},""";

        assertThat(chat(CHAT.repeat(2) + parallel)).isEqualTo(new Repeats("ls", 3));
    }

    @Test
    void lookBack_thatCannotFindEnough_ends() throws Exception {
        String turns = (CHAT.repeat(3) + CHAT.replace("{}", "{1}").repeat(9)).strip();
        byte[] body = ("{\"messages\":[" + turns.substring(0, turns.length() - 1) + "]}").getBytes(UTF_8);

        assertThat(ToolHistory.repeats(JsonReader.readObject(body), body, 12, 8).times())
                .isEqualTo(9);
        assertThat(ToolHistory.repeats(JsonReader.readObject(body), body, 12, 9).times())
                .isLessThanOrEqualTo(9);
    }

    @Test
    void everyWire_showsItsCalls() throws Exception {
        assertThat(repeats("""
                {"input":[{"role":"user","content":"go"},
                {"type":"function_call","name":"ls","arguments":"{}"},{"type":"function_call_output","output":"a"},
                {"type":"reasoning"},{"type":"function_call","name":"ls","arguments":"{}"},{"type":"function_call_output","output":"a"}]}""")).isEqualTo(new Repeats("ls", 2));
        assertThat(repeats("""
                {"messages":[{"role":"user","content":"go"},
                {"role":"assistant","content":[{"type":"text","text":"x"},{"type":"tool_use","name":"ls","input":{"a":1}}]},
                {"role":"user","content":[{"type":"tool_result","content":"a"}]},
                {"role":"assistant","content":[{"type":"tool_use","name":"ls","input":{"a":1}}]},
                {"role":"user","content":[{"type":"tool_result","content":"b"},{"type":"text","text":"reminder"}]}]}""")).isEqualTo(new Repeats("ls", 2));
        assertThat(repeats("""
                {"contents":[{"role":"user","parts":[{"text":"go"}]},
                {"role":"model","parts":[{"functionCall":{"name":"ls","args":{}}}]},
                {"role":"user","parts":[{"functionResponse":{"name":"ls"}}]},
                {"role":"model","parts":[{"functionCall":{"name":"ls","args":{}}}]},
                {"role":"user","parts":[{"functionResponse":{"name":"ls"}}]}]}""")).isEqualTo(new Repeats("ls", 2));
        assertThat(repeats("""
                {"messages":[{"role":"assistant","content":[{"toolUse":{"name":"ls","input":{}}}]},
                {"role":"user","content":[{"toolResult":{}}]}]}""")).isEqualTo(new Repeats("ls", 1));
        assertThat(repeats("{\"prompt\":\"hi\"}")).isEqualTo(Repeats.NONE);
    }

    private static Repeats chat(String turns) throws Exception {
        String messages = turns.strip();
        return repeats("{\"messages\":[{\"role\":\"user\",\"content\":\"go\"},"
                + messages.substring(0, messages.length() - 1) + "]}");
    }

    private static Repeats repeats(String json) throws Exception {
        byte[] body = json.getBytes(UTF_8);
        return ToolHistory.repeats(JsonReader.readObject(body), body, 20, 0);
    }
}
