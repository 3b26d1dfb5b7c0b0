package dev.tollgate.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.budget.PriceUpdate.Change;
import dev.tollgate.budget.PriceUpdate.Kind;
import dev.tollgate.value.ModelId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class PriceUpdateTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
    private static final String PRESENT = """
            date: 2026-08-21
            fallback:
              azure: [openai]
            models:
            - {"provider": "sandbox", "any": true, "input": 1, "output": 4, "tokenizer": "other"}
            - {"provider": "openai", "model": "gpt-5", "input": 1.25, "output": 10, "context": 400000, "max_output": 128000, "tokenizer": "o200k"}
            - {"provider": "openai", "model": "gpt-4", "input": 30, "output": 60, "tokenizer": "cl100k"}
            - {"provider": "openai", "model": "gpt-old", "input": 1, "output": 1, "tokenizer": "o200k"}
            """;

    @Test
    void ownForm_replacesTheProvidersItNames_andTellsWhatChanged() throws IOException {
        PriceUpdate update = update("""
                date: 2026-11-01
                models:
                - {"provider": "openai", "model": "gpt-5", "input": 1, "output": 10, "tokenizer": "o200k"}
                - {"provider": "openai", "model": "gpt-4", "input": 31, "output": 59, "tokenizer": "cl100k"}
                - {"provider": "openai", "model": "gpt-6", "input": 2, "output": 20, "tokenizer": "o200k"}
                """);

        assertThat(update.changes())
                .containsExactly(
                        new Change(Kind.CHANGED, "openai/gpt-4", "input $30 → $31, output $60 → $59"),
                        new Change(Kind.CHEAPER, "openai/gpt-5", "input $1.25 → $1"),
                        new Change(Kind.ADDED, "openai/gpt-6", "input $2, output $20"),
                        new Change(Kind.REMOVED, "openai/gpt-old", "input $1, output $1"));
        PriceBook book = book(update);
        assertThat(book.date()).isEqualTo(LocalDate.of(2026, 11, 1));
        assertThat(book.find(new ModelId("sandbox", "any"))).isPresent();
        assertThat(book.find(new ModelId("azure", "gpt-6"))).isPresent();
        assertThat(book.find(new ModelId("openai", "gpt-old"))).isEmpty();
    }

    @Test
    void liteLlmsTable_isRead_andLimitsThatItLeavesOutStay() throws IOException {
        PriceUpdate update = update("""
                {"sample_spec": {"litellm_provider": "one of many", "input_cost_per_token": 1},
                 "gpt-5": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.25e-06,
                   "output_cost_per_token": 1e-05, "input_cost_per_token_flex": 6.25e-07, "output_cost_per_token_flex": 5e-06,
                   "input_cost_per_token_above_272k_tokens": 2.5e-06, "cache_read_input_token_cost": 0},
                 "whisper-1": {"litellm_provider": "openai", "mode": "audio_transcription", "input_cost_per_second": 0.0001},
                 "gemini/gemini-x": {"litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 1e-06,
                   "output_cost_per_token": 2e-06, "max_input_tokens": 1000,
                   "search_context_cost_per_query": {"search_context_size_medium": 0.035}}}
                """);

        ModelPrice five = book(update).find(new ModelId("openai", "gpt-5")).orElseThrow();
        assertThat(five.contextWindow()).isEqualTo(400_000);
        assertThat(five.tokenizer()).isEqualTo(Tokenizer.O200K);
        assertThat(PriceText.describe(new ModelId("openai", "gpt-5"), five, false, TODAY, TODAY))
                .contains(
                        "dollars per million: input $1.25, output $10", "flex: input $1.25 → $0.625, output $10 → $5");
        assertThat(update.changes())
                .extracting(change -> change.kind() + " " + change.model())
                .containsExactly(
                        "ADDED gemini/gemini-x",
                        "REMOVED openai/gpt-4",
                        "REMOVED openai/gpt-old",
                        "ADDED openai/whisper-1");
        assertThat(update.changes().get(0).detail()).isEqualTo("input $1, output $2, search_call $0.035");
        assertThat(update.changes().get(3).detail()).isEqualTo("input $0, output $0, second $0.0001");
    }

    @Test
    void genAiPricesData_isRead_withTiersAndDays() throws IOException {
        PriceUpdate update = update("""
                [{"id": "x-ai", "models": [
                  {"id": "grok", "match": {"or": [{"starts_with": "grok"}, {"equals": "g"}]}, "context_window": 1000,
                   "prices": [{"prices": {"input_mtok": {"base": 3, "tiers": [{"start": 200000, "price": 6}]}, "output_mtok": 15,
                     "web_searches_kcount": 10}},
                    {"constraint": {"start_date": "2026-12-01"}, "prices": {"input_mtok": 2, "output_mtok": 10}}]}]}]
                """);

        ModelPrice grok = book(update).find(new ModelId("xai", "grok-fast")).orElseThrow();
        assertThat(PriceText.describe(new ModelId("xai", "grok-fast"), grok, false, TODAY, TODAY))
                .contains(
                        "dollars per million: input $3, output $15, search $0.01",
                        "context 1000, most output not known, tokenizer other")
                .anyMatch(line -> line.startsWith("over 200000 tokens in: input $3 → $6"))
                .anyMatch(line -> line.startsWith("from 2026-12-01: input $3 → $2"));
    }

    @Test
    void file_thatIsWrong_isRefusedWhole() {
        assertThatThrownBy(() -> update("{\"models\": 1}"))
                .hasMessageContaining("is neither a price file, nor LiteLLM's");
        assertThatThrownBy(() -> update("date: 2026-11-01\nmodels:\n- {\"provider\": \"p\"}\n"))
                .hasMessageContaining("new.yaml:3");
    }

    private static PriceUpdate update(String file) throws IOException {
        return PriceUpdate.of("new.yaml", file.getBytes(UTF_8), PRESENT.getBytes(UTF_8), TODAY);
    }

    private static PriceBook book(PriceUpdate update) throws IOException {
        return PriceBook.read("written", new ByteArrayInputStream(update.text().getBytes(UTF_8)));
    }
}
