package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider.Turn;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.budget.Tokenizer;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bills of replies that told nothing of what they used: what was sent and relayed is counted. */
class CountedBillTest {
    private static final TokenCounter COUNTER = new TokenCounter(Runnable::run, new SplittableRandom(1));
    private static final String TEXT = "The quick brown fox jumps over the lazy dog, 1984 times. ";
    /** Around the call of a tool. */
    private static final int CALL_TOKENS = 16;

    private static GatewayFixture fixture;

    @BeforeAll
    static void start() throws Exception {
        fixture = new GatewayFixture(GatewayFixture.providers());
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    private static long count(Tokenizer tokenizer, String text) {
        return COUNTER.countForBill(tokenizer, List.of(text));
    }

    private static String delta(int choice, String member) {
        return "data: {\"choices\":[{\"index\":" + choice + ",\"delta\":{" + member + "}}]}\n\n";
    }

    /** What is on record of a stream that ends after these events, without its last one. */
    private static Ended brokenOff(String name, Call call, List<String> events) throws Exception {
        fixture.provider.on(name, turn -> {
            turn.streamHead();
            for (String event : events) {
                turn.chunk(event);
            }
            turn.chunk("");
        });
        Answer answer = fixture.post(call.streamingPath(), call.streaming("hello"), "x-script", name);
        return fixture.ended(answer.header("x-tollgate-exchange-id"));
    }

    @Test
    void brokenStream_isCountedExactly_whereTheTokenizerIsPublic() throws Exception {
        Ended ended = brokenOff(
                "broken",
                Call.OPENAI_CHAT,
                List.of(
                        delta(0, "\"reasoning_content\":\"" + TEXT + "\""),
                        delta(0, "\"content\":\"Gr\\u00fc\\u00dfe, " + TEXT + "\""),
                        delta(1, "\"content\":\"Some\""),
                        delta(
                                0,
                                "\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]"),
                        delta(1, "\"content\":\"thing\"")));

        assertThat(ended.result()).isEqualTo("provider_error");
        assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
        assertThat(ended.usage().totalOutput())
                .isEqualTo(count(Tokenizer.O200K, TEXT + "Grüße, " + TEXT + "look{}")
                        + count(Tokenizer.O200K, "Something")
                        + CALL_TOKENS);
        assertThat(ended.usage().totalInput()).isBetween(2L, 60L);
        assertThat(ended.cost()).isNotNull();
    }

    @Test
    void brokenStream_isEstimated_whereTheTokenizerIsNotPublic() throws Exception {
        Ended ended = brokenOff(
                "broken-gemini",
                Call.GEMINI,
                List.of("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + TEXT + "\"}]}}]}\n\n"));

        assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
        assertThat(ended.usage().totalOutput()).isEqualTo(count(Tokenizer.GEMINI, TEXT));
    }

    @Test
    void longBrokenStream_isCounted_withoutBeingKept() throws Exception {
        // Ten times what is kept uncounted.
        String piece = TEXT.repeat(500);
        int pieces = 10 * OutputCount.MAX_KEPT_BYTES / piece.length();

        Ended ended = brokenOff(
                "broken-long",
                Call.OPENAI_CHAT,
                java.util.Collections.nCopies(pieces, delta(0, "\"content\":\"" + piece + "\"")));

        long exactly = pieces * count(Tokenizer.O200K, piece);
        assertThat(ended.usage().totalOutput()).isBetween(exactly, exactly + exactly / 100);
    }

    @Test
    void documentThatTellsNothing_isCounted() throws Exception {
        fixture.provider.on(
                "untold",
                turn -> turn.json(
                        200,
                        "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + TEXT
                                + "\"}}]}"));

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"), "x-script", "untold");

        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.result()).isEqualTo("completed");
        assertThat(ended.usage().totalOutput()).isEqualTo(count(Tokenizer.O200K, TEXT));
        assertThat(answer.header("x-tollgate-cost")).isEqualTo(ended.cost().toString());
    }

    /** One character of these is three tokens and twelve bytes of JSON: by its characters the text is nothing. */
    private static void emoji(Turn turn, int pieces) throws IOException {
        turn.streamHead();
        String event = delta(0, "\"content\":\"" + "\\ud83e\\udee8".repeat(20) + "\"");
        for (int i = 0; i < pieces; i++) {
            turn.chunk(event);
        }
        turn.waitForClose();
    }

    @Test
    void streamOfRareCharacters_isCutAtTheCapToo() throws Exception {
        try (GatewayFixture capped = new GatewayFixture(GatewayFixture.providers()
                + "budget: {budgets: [{id: few, scope: all, period: lifetime, unit: tokens, limit: 3000}]}")) {
            capped.provider.on("emoji", turn -> emoji(turn, 5_000));

            Answer answer =
                    capped.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "emoji");

            Ended ended = capped.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(ended.result()).isEqualTo("cut");
            assertThat(answer.body()).contains("the answer was cut");
            assertThat(capped.spent("tokens:few/all/lifetime")).isBetween(2400L, 3000L);
            capped.assertNothingLeft();
        }
    }
}
