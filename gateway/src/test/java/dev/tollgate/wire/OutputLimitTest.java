package dev.tollgate.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request allows fewer tokens afterwards, and all its other bytes are what they were. */
class OutputLimitTest {
    private static final Wires WIRES = new Wires();

    private static @Nullable OutputLimit limit(String wire, String provider, String body) {
        Json.Obj parsed = WireRequests.json("", body).json();
        assertThat(parsed).isNotNull();
        return WIRES.of(wire).outputLimit(parsed, provider);
    }

    private static String clamped(String wire, String provider, String body, long tokens) {
        OutputLimit limit = limit(wire, provider, body);
        assertThat(limit).isNotNull();
        return new String(Splice.apply(body.getBytes(UTF_8), limit.at(tokens)), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            openai_chat        | openai    | {"max_tokens": 900, "n":1}                        | {"max_tokens": 300, "n":1}
            openai_chat        | openai    | {"max_completion_tokens":900}                     | {"max_completion_tokens":300}
            openai_chat        | mistral   | {"max_tokens":900,"max_completion_tokens":800}    | {"max_tokens":300,"max_completion_tokens":300}
            openai_chat        | mistral   | {"max_tokens":900,"max_completion_tokens":200}    | {"max_tokens":300,"max_completion_tokens":200}
            openai_chat        | openai    | {"max_tokens":null}                               | {"max_tokens":300}
            openai_chat        | openai    | { "model":"m"}                                    | {"max_completion_tokens":300, "model":"m"}
            openai_chat        | groq      | {"model":"m"}                                     | {"max_tokens":300,"model":"m"}
            openai_chat        | groq      | {}                                                | {"max_tokens":300}
            openai_completions | openai    | {"max_tokens":900}                                | {"max_tokens":300}
            openai_responses   | openai    | {"input":"x"}                                     | {"max_output_tokens":300,"input":"x"}
            anthropic_messages | anthropic | {"max_tokens":900}                                | {"max_tokens":300}
            gemini_generate    | gemini    | {"generationConfig":{"maxOutputTokens":900}}      | {"generationConfig":{"maxOutputTokens":300}}
            gemini_generate    | gemini    | {"generation_config":{"max_output_tokens":900}}   | {"generation_config":{"max_output_tokens":300}}
            gemini_generate    | gemini    | {"generationConfig":{"topK":1}}                   | {"generationConfig":{"maxOutputTokens":300,"topK":1}}
            gemini_generate    | gemini    | {"generationConfig":{}}                           | {"generationConfig":{"maxOutputTokens":300}}
            gemini_generate    | gemini    | {"contents":[]}                                   | {"generationConfig":{"maxOutputTokens":300},"contents":[]}
            """)
    void request_isMadeToAllowFewer(String wire, String provider, String body, String expected) {
        assertThat(clamped(wire, provider, body, 300)).isEqualTo(expected);
    }

    @Test
    void lowerLimit_stays() {
        assertThat(clamped("anthropic_messages", "anthropic", "{\"max_tokens\":100}", 300))
                .isEqualTo("{\"max_tokens\":100}");
    }

    @Test
    void thinking_needsMoreThanItsOwn() {
        String anthropic = "{\"max_tokens\":9000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4000}}";
        String gemini = "{\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":1024}}}";
        String unbounded = "{\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":-1}}}";

        assertThat(limit("anthropic_messages", "anthropic", anthropic))
                .extracting(OutputLimit::least)
                .isEqualTo(4001L);
        assertThat(limit("gemini_generate", "gemini", gemini))
                .extracting(OutputLimit::least)
                .isEqualTo(1025L);
        assertThat(limit("gemini_generate", "gemini", unbounded))
                .extracting(OutputLimit::least)
                .isEqualTo(1L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            openai_chat        | {"max_tokens":"many"}
            openai_completions | {"prompt":"x"}
            openai_embeddings  | {"input":"x"}
            gemini_generate    | {"generationConfig":{},"generation_config":{}}
            """)
    void limitThatIsNotUnderstood_isLeftAlone(String wire, String body) {
        assertThat(limit(wire, "openai", body)).isNull();
    }
}
