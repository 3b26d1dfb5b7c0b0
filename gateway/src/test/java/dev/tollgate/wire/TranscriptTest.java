package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.wire.Transcript.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    @Test
    void chat_isReadWithItsToolCallsAndResults() throws Exception {
        assertThat(read("""
                {"model": "m", "messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "user", "content": [{"type": "text", "text": "Look."}, {"type": "image_url", "image_url": {"url": "data:"}}]},
                  {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "ls", "arguments": "{\\"path\\":\\"/\\"}"}}]},
                  {"role": "tool", "tool_call_id": "c1", "content": "bin etc"}],
                 "tools": [{"type": "function", "function": {"name": "ls"}}, {"type": "web_search"}]}
                """))
                .containsExactly(
                        "system TOOLS_OFFERED 2 ls, web_search",
                        "system TEXT  Be brief.",
                        "user TEXT  Look.",
                        "user MEDIA image_url ",
                        "assistant TOOL_CALL ls {\"path\":\"/\"}",
                        "tool TOOL_RESULT ls bin etc");
    }

    @Test
    void messages_areReadWithTheirBlocks() throws Exception {
        assertThat(read("""
                {"system": [{"type": "text", "text": "You help."}], "messages": [
                  {"role": "user", "content": "Hi"},
                  {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "tool_use", "id": "t1", "name": "read", "input": {"file": "a", "lines": 3}}]},
                  {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}]}]}
                """))
                .containsExactly(
                        "system TEXT  You help.",
                        "user TEXT  Hi",
                        "assistant REASONING  Hm.",
                        "assistant TOOL_CALL read {\"file\": \"a\", \"lines\": 3}",
                        "tool TOOL_RESULT read one\ntwo");
    }

    @Test
    void responses_areReadWithTheirItems() throws Exception {
        assertThat(read("""
                {"instructions": "Code.", "input": [
                  {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Go"}]},
                  {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Think."}], "encrypted_content": "x"},
                  {"type": "function_call", "call_id": "c1", "name": "sh", "arguments": "{}"},
                  {"type": "function_call_output", "call_id": "c1", "output": "done"}]}
                """))
                .containsExactly(
                        "system TEXT  Code.",
                        "user TEXT  Go",
                        "assistant REASONING  Think.",
                        "assistant TOOL_CALL sh {}",
                        "tool TOOL_RESULT sh done");
        assertThat(read("{\"input\": \"Just this\"}")).containsExactly("user TEXT  Just this");
    }

    @Test
    void gemini_isReadWithItsParts() throws Exception {
        assertThat(read("""
                {"systemInstruction": {"parts": [{"text": "S"}]}, "contents": [
                  {"role": "user", "parts": [{"text": "Q"}, {"inlineData": {"mimeType": "image/png", "data": ""}}]},
                  {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": true}}}]},
                  {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"r": null}}}]}],
                 "tools": [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}]}
                """))
                .containsExactly(
                        "system TEXT  S",
                        "system TOOLS_OFFERED 1 f, g",
                        "user TEXT  Q",
                        "user MEDIA inlineData ",
                        "assistant TOOL_CALL f {\"a\": true}",
                        "tool TOOL_RESULT f {\"r\": null}");
    }

    @Test
    void entries_sayWhichBytesTheirMessageIs() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"é\"},{\"role\":\"user\",\"content\":\"b\"}]}";
        List<Entry> entries = Transcript.of(parse(body));

        byte[] bytes = body.getBytes(UTF_8);
        assertThat(new String(
                        bytes,
                        entries.get(1).start(),
                        entries.get(1).end() - entries.get(1).start(),
                        UTF_8))
                .isEqualTo("{\"role\":\"user\",\"content\":\"b\"}");
        assertThat(entries.get(0).toString()).doesNotContain("é");
    }

    @Test
    void whatIsNoConversation_isNothing() throws Exception {
        assertThat(read("{\"input\": [1, 2], \"messages\": 7, \"contents\": null, \"tools\": []}"))
                .isEmpty();
    }

    private static List<String> read(String body) throws Exception {
        return Transcript.of(parse(body)).stream()
                .map(entry -> entry.role() + " " + entry.kind() + " " + entry.name() + " " + entry.text())
                .toList();
    }

    private static Json.Obj parse(String body) throws Exception {
        return JsonReader.readObject(body.getBytes(UTF_8));
    }
}
