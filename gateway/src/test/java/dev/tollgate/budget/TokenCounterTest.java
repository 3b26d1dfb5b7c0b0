package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.Place;
import dev.tollgate.exchange.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenCounterTest {
    private static final TokenCounter COUNTER = new TokenCounter(Runnable::run, new Random(1));
    private static final String ENGLISH = "The quick brown fox jumps over the lazy dog, and nobody minds. ";

    @BeforeAll
    static void load() {
        COUNTER.load();
    }

    @Test
    void count_isExact_whereTheTokenizerIsPublic() {
        // Known from OpenAI's own tokenizer: "hello world" is two tokens in both vocabularies.
        assertThat(COUNTER.count(Tokenizer.O200K, texts("hello world"))).isEqualTo(2);
        assertThat(COUNTER.count(Tokenizer.CL100K, texts("hello world", "hello world")))
                .isEqualTo(4);
    }

    @Test
    void count_isTheSame_whenRemembered() {
        List<Text> texts = texts(ENGLISH.repeat(20));

        assertThat(COUNTER.count(Tokenizer.O200K, texts)).isEqualTo(COUNTER.count(Tokenizer.O200K, texts));
    }

    @Test
    void count_treatsSpecialTokensAsText() {
        assertThat(COUNTER.count(Tokenizer.O200K, texts("<|endoftext|>"))).isGreaterThan(1);
    }

    @Test
    void count_estimates_untilTheVocabularyIsLoaded() {
        List<Runnable> loads = new ArrayList<>();
        TokenCounter fresh = new TokenCounter(loads::add, new Random(1));

        assertThat(fresh.count(Tokenizer.O200K, texts("hello world")))
                .isEqualTo(TokenEstimate.of(Tokenizer.O200K, "hello world"));
        assertThat(fresh.count(Tokenizer.O200K, texts("hello world"))).isGreaterThan(1);
        assertThat(loads).hasSize(1);
    }

    @Test
    void count_estimates_whatIsLongOrHasLongRuns() {
        String run = "x".repeat(10_000);
        String text = ENGLISH.repeat(2_000);

        assertThat(COUNTER.count(Tokenizer.O200K, texts(run))).isEqualTo(TokenEstimate.of(Tokenizer.O200K, run));
        assertThat(COUNTER.count(Tokenizer.O200K, texts(text))).isEqualTo(TokenEstimate.of(Tokenizer.O200K, text));
    }

    @Test
    void estimate_isAboveTheCount_forEveryKindOfText() {
        List<String> samples = List.of(
                ENGLISH.repeat(10),
                "public static void main(String[] args) { for (int i = 0; i < 10; i++) { out.println(i); } }\n"
                        .repeat(10),
                "{\"name\": \"Zoë\", \"n\": [1, 22, 333, 4444], \"ok\": true, \"when\": \"2026-11-21T12:00:00Z\"}"
                        .repeat(10),
                "Donaudampfschifffahrtsgesellschaft für Überraschungen und Ähnliches. ".repeat(10),
                "今日は良い天気ですね。明日も晴れるでしょう。".repeat(10),
                "Сегодня хорошая погода, а завтра будет дождь. ".repeat(10),
                "YOU MUST USE TOOLS WHEN REQUIRED AND THEN ANSWER. ".repeat(10),
                "😀😃🚀🎉👩‍💻".repeat(10),
                "3f786850e387550fdab836ed7e6dc881de23001b\n".repeat(10),
                "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24sIGJ1dCBieSB0aGlz".repeat(3),
                "\n\n\n    - item\n\t\tmore    text\n".repeat(10),
                "!?#$%&/()=+*~-_.:,;<>|".repeat(10));
        for (String sample : samples) {
            long exact = COUNTER.count(Tokenizer.O200K, texts(sample));

            assertThat(TokenEstimate.of(Tokenizer.O200K, sample))
                    .as(sample.substring(0, 12))
                    .isGreaterThanOrEqualTo(exact);
            assertThat(TokenEstimate.of(Tokenizer.CLAUDE, sample)).isGreaterThanOrEqualTo(exact);
            assertThat(TokenEstimate.of(Tokenizer.OTHER, sample)).isGreaterThanOrEqualTo(exact);
        }
    }

    @Test
    void estimate_ofRandomText_isAboveTheCount() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < 50; word++) {
                int letters = 1 + random.nextInt(9);
                for (int c = 0; c < letters; c++) {
                    text.append("etaoinshrdlucmfwypvbgkjqxz"
                            .charAt(Math.min(25, (int) (random.nextDouble() * random.nextDouble() * 26))));
                }
                text.append(random.nextInt(8) == 0 ? ".\n" : " ");
            }
            long exact = COUNTER.count(Tokenizer.O200K, texts(text.toString()));

            // Nonsense words split into more tokens than words do; the estimate may not be far below even then.
            assertThat(TokenEstimate.of(Tokenizer.O200K, text.toString()) * 2).isGreaterThanOrEqualTo(exact);
        }
    }

    private static List<Text> texts(String... values) {
        List<Text> texts = new ArrayList<>();
        for (String value : values) {
            texts.add(new Text(value, Place.USER, "p", 0, value.length(), true, true));
        }
        return texts;
    }
}
