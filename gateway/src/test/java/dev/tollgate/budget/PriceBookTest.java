package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class PriceBookTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void catalog_pricesThreeHundredModels_andNamesItsDay() throws IOException {
        PriceBook book = catalog();

        assertThat(book.size()).isGreaterThan(300);
        assertThat(book.date()).isEqualTo(LocalDate.of(2026, 8, 21));
        assertThat(book.find(new ModelId("openai", "gpt-4o-mini"))).isPresent();
        assertThat(book.find(new ModelId("openai", "text-embedding-3-small")).map(ModelPrice::generates))
                .hasValue(false);
    }

    @Test
    void find_knowsDatedNames_otherCase_andStandIns() throws IOException {
        PriceBook book = catalog();

        assertThat(nameOf(book, "openai", "gpt-5-2025-08-07")).isEqualTo("gpt-5");
        assertThat(nameOf(book, "openai", "GPT-5")).isEqualTo("gpt-5");
        assertThat(nameOf(book, "anthropic", "claude-haiku-4-5-20251001")).isEqualTo("claude-haiku-4-5");
        assertThat(nameOf(book, "vertex", "gemini-2.5-flash")).isEqualTo("gemini-2.5-flash");
        assertThat(nameOf(book, "ollama", "whatever:7b")).isEqualTo("*");
        assertThat(book.find(new ModelId("openai", "gpt-99"))).isEmpty();
        assertThat(book.find(new ModelId("nowhere", "gpt-5"))).isEmpty();
    }

    @Test
    void find_prefersTheExactName_thenTheLongestPart() throws IOException {
        PriceBook book = book("""
                {"provider":"p","model":"flash","prefix":["flash"],"input":1,"output":1,"tokenizer":"other"}
                {"provider":"p","model":"lite","prefix":["flash-lite"],"input":2,"output":2,"tokenizer":"other"}
                {"provider":"p","model":"flash-lite-x","input":3,"output":3,"tokenizer":"other"}""");

        assertThat(nameOf(book, "p", "flash-2")).isEqualTo("flash");
        assertThat(nameOf(book, "p", "flash-lite-2")).isEqualTo("lite");
        assertThat(nameOf(book, "p", "flash-lite-x")).isEqualTo("flash-lite-x");
    }

    @Test
    void cost_pricesEveryClass_andRoundsUpOnce() throws IOException {
        ModelPrice price = price("""
                {"provider":"p","model":"m","input":0.0375,"cache_read":0.01,"cache_write":0.05,"cache_write_1h":0.08,\
                "output":0.15,"reasoning":0.2,"audio_in":1,"audio_out":2,"image_in":3,"image_out":4,"request":0.000000007,\
                "tokenizer":"other"}""");
        Usage used = new Usage(1, 10, 100, 1_000, 10_000, 7, 3, 2, 5, 6, null, Usage.Source.REPORTED);

        NanoUsd cost = price.cost(used, NOW);

        // 37.5 + 100 + 5000 + 80000 + 1500000 + 1400 + 3000 + 4000 + 15000 + 24000 nano-dollars, and 7 for the call
        assertThat(cost.nanos()).isEqualTo(1_632_545);
    }

    @Test
    void cost_isWhatTheProviderTold_whereItTellsItsBill() throws IOException {
        ModelPrice price =
                price("{\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"output\":1,\"tokenizer\":\"other\"}");
        Usage used = new Usage(9, 0, 0, 0, 9, 0, 0, 0, 0, 0, new NanoUsd(42), Usage.Source.REPORTED);

        assertThat(price.cost(used, NOW)).isEqualTo(new NanoUsd(42));
        assertThat(price.cost(Usage.NONE, NOW)).isEqualTo(NanoUsd.ZERO);
    }

    @Test
    void cost_takesTheTier_onceItsThresholdIsPassed_cachedInputIncluded() throws IOException {
        ModelPrice price = price("""
                {"provider":"p","model":"m","input":1,"cache_read":0.1,"output":10,\
                "over":[{"tokens":200,"input":2,"output":20}],"tokenizer":"other"}""");

        assertThat(price.cost(cached(100, 100), NOW).nanos()).isEqualTo(100_000 + 10_000);
        assertThat(price.cost(cached(101, 100), NOW).nanos()).isEqualTo(202_000 + 10_000);
    }

    @Test
    void cost_takesThePricesOfTheDay() throws IOException {
        ModelPrice price = price("""
                {"provider":"p","model":"m","input":1,"output":1,"later":[{"from":"2026-09-01","input":3}],\
                "tokenizer":"other"}""");
        Usage used = Usage.of(1, 1, Usage.Source.REPORTED);

        assertThat(price.cost(used, Instant.parse("2026-08-31T23:59:59Z")).nanos())
                .isEqualTo(2_000);
        assertThat(price.cost(used, Instant.parse("2026-09-01T00:00:00Z")).nanos())
                .isEqualTo(4_000);
    }

    @Test
    void mostFor_takesTheDearestClass_thatTheCallCanReach() throws IOException {
        Rates rates = price("""
                        {"provider":"p","model":"m","input":1,"cache_write":2,"cache_write_1h":3,"output":4,"reasoning":5,\
                        "audio_in":6,"audio_out":7,"tokenizer":"other"}""").rates(1, NOW);

        assertThat(rates.mostFor(1, 1, Rates.CacheUse.NONE, false, false).nanos())
                .isEqualTo(6_000);
        assertThat(rates.mostFor(1, 1, Rates.CacheUse.SHORT, false, false).nanos())
                .isEqualTo(7_000);
        assertThat(rates.mostFor(1, 1, Rates.CacheUse.LONG, false, false).nanos())
                .isEqualTo(8_000);
        assertThat(rates.mostFor(1, 1, Rates.CacheUse.LONG, true, false).nanos())
                .isEqualTo(13_000);
    }

    @Test
    void read_namesFileAndLine_whereItIsWrong() {
        assertThatThrownBy(() -> book("{\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"tokenizer\":\"other\"}"))
                .hasMessage("prices.yaml:3: a model needs the prices input and output");
        assertThatThrownBy(() -> book("{\"provider\":\"p\",\"model\":\"m\",\"inptu\":1}"))
                .hasMessageStartingWith("prices.yaml:3: Unrecognized field \"inptu\"");
        assertThatThrownBy(() ->
                        book("{\"provider\":\"p\",\"model\":\"m\",\"input\":-1,\"output\":1,\"tokenizer\":\"other\"}"))
                .hasMessage("prices.yaml:3: price -1 is not between 0 and 1000000 dollars");
    }

    private static String nameOf(PriceBook book, String provider, String model) {
        return book.find(new ModelId(provider, model)).orElseThrow().model();
    }

    private static Usage cached(long input, long cacheRead) {
        return new Usage(input, cacheRead, 0, 0, 0, 0, 0, 0, 0, 0, null, Usage.Source.REPORTED);
    }

    private static ModelPrice price(String line) throws IOException {
        return book(line).find(new ModelId("p", "m")).orElseThrow();
    }

    private static PriceBook book(String lines) throws IOException {
        String file = "date: 2026-08-21\nmodels:\n- " + lines.replace("\n", "\n- ") + "\n";
        return PriceBook.read("prices.yaml", new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
    }

    private static PriceBook catalog() throws IOException {
        try (InputStream in = PriceBookTest.class.getResourceAsStream("/policies/catalog/prices.yaml")) {
            assertThat(in).isNotNull();
            return PriceBook.read("prices.yaml", in);
        }
    }
}
