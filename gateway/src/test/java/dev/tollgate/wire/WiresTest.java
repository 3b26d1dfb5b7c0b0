package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.exchange.JsonReader.JsonRefused;
import dev.tollgate.exchange.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WiresTest {
    private final Wires wires = new Wires();

    @ParameterizedTest
    @CsvSource({
        "POST, chat/completions,                       openai_chat",
        "POST, /chat/completions/,                     openai_chat",
        "POST, chat%2Fcompletions,                     openai_chat",
        "POST, v1/chat/completions,                    openai_chat",
        "POST, deployments/d/chat/completions,         openai_chat",
        "GET,  chat/completions,                       opaque",
        "POST, xchat/completions,                      openai_completions",
        "POST, completions,                            openai_completions",
        "POST, responses,                              openai_responses",
        "POST, responses/compact,                      openai_responses",
        "POST, responses/input_tokens,                 openai_responses",
        "GET,  responses/resp_1,                       opaque",
        "POST, responses/resp_1/cancel,                opaque",
        "POST, embeddings,                             openai_embeddings",
        "POST, messages,                               anthropic_messages",
        "POST, messages/count_tokens,                  anthropic_messages",
        "POST, messages/batches,                       opaque",
        "POST, threads/t/messages,                     opaque",
        "POST, models/g:generateContent,               gemini_generate",
        "POST, models/g%3AstreamGenerateContent,       gemini_generate",
        "POST, projects/p/publishers/google/models/g:generateContent, gemini_generate",
        "POST, models/g:batchEmbedContents,            gemini_generate",
        "POST, models/g:predict,                       opaque",
        "POST, files,                                  opaque",
        "GET,  models,                                 opaque",
    })
    void path_isServedByItsWire(String method, String path, String wire) {
        assertThat(wires.forPath(method, path).id()).isEqualTo(wire);
    }

    @Test
    void ids_areUniqueAndFound_andTheOpaqueWireIsLast() {
        assertThat(wires.all()).extracting(Wire::id).doesNotHaveDuplicates().endsWith("opaque");
        assertThat(wires.all())
                .allSatisfy(wire -> assertThat(wires.byId(wire.id())).contains(wire));
        assertThat(wires.byId("nonsense")).isEmpty();
    }

    /** Random bodies of the members that wires know, in every place: whatever the shape, no string is lost. */
    @Test
    void strings_ofAnyBody_areAllReadOrNamed() throws JsonRefused {
        Random random = new Random(11);
        for (int round = 0; round < 400; round++) {
            byte[] body = new RandomBody(random).text().getBytes(UTF_8);
            Json.Obj json = JsonReader.readObject(body);
            List<Json.Str> strings = new ArrayList<>();
            collect(json, strings);
            for (Wire wire : wires.all()) {
                Facts facts = wire.read(
                        new Wire.Request("POST", "models/m:generateContent", body, "application/json", "", json));

                List<Integer> starts = facts.texts().stream().map(Text::start).toList();
                assertThat(starts).doesNotHaveDuplicates();
                assertThat(strings).allSatisfy(string -> assertThat(starts).contains(string.start()));
            }
        }
    }

    private static void collect(Json json, List<Json.Str> strings) {
        switch (json) {
            case Json.Obj object -> object.members().values().forEach(member -> collect(member, strings));
            case Json.Arr array -> array.elements().forEach(element -> collect(element, strings));
            case Json.Str string -> strings.add(string);
            case Json.Num number -> {}
            case Json.Bool bool -> {}
            case Json.Null none -> {}
        }
    }

    private record RandomBody(Random random) {
        private static final List<String> NAMES = List.of(
                "messages",
                "content",
                "contents",
                "parts",
                "input",
                "role",
                "type",
                "text",
                "tools",
                "function",
                "tool_calls",
                "system",
                "instructions",
                "systemInstruction",
                "requests",
                "generateContentRequest",
                "metadata",
                "output",
                "name",
                "id",
                "source",
                "data",
                "stream_options",
                "generationConfig",
                "functionCall",
                "prompt",
                "model",
                "odd name",
                "user");
        private static final List<String> VALUES =
                List.of("some words", "user ", "assistant!", "tool result", "a b", "model x");

        String text() {
            return object(0);
        }

        private String value(int depth) {
            int kind = depth > 5 ? 3 : random.nextInt(6);
            return switch (kind) {
                case 0, 1 -> object(depth + 1);
                case 2 -> array(depth + 1);
                case 5 -> random.nextBoolean() ? "null" : "12";
                default -> "\"" + VALUES.get(random.nextInt(VALUES.size())) + "\"";
            };
        }

        private String array(int depth) {
            StringBuilder text = new StringBuilder("[");
            for (int i = random.nextInt(4); i > 0; i--) {
                text.append(value(depth)).append(i > 1 ? " , " : "");
            }
            return text.append(']').toString();
        }

        private String object(int depth) {
            StringBuilder text = new StringBuilder("{");
            int offset = random.nextInt(NAMES.size());
            int count = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                String name = NAMES.get((offset + 3 * i) % NAMES.size());
                text.append(i == 0 ? " \"" : ",\"").append(name).append("\" : ").append(value(depth));
            }
            return text.append('}').toString();
        }
    }
}
