package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.value.Extras;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
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
        assertThat(book.date()).isEqualTo(LocalDate.of(2026, 11, 10));
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
                        "audio_in":6,"audio_out":7,"tokenizer":"other"}""").rates(1, NOW, ServiceTier.STANDARD);

        assertThat(most(rates, Rates.CacheUse.NONE, false)).isEqualTo(6_000);
        assertThat(most(rates, Rates.CacheUse.SHORT, false)).isEqualTo(7_000);
        assertThat(most(rates, Rates.CacheUse.LONG, false)).isEqualTo(8_000);
        assertThat(most(rates, Rates.CacheUse.LONG, true)).isEqualTo(13_000);
    }

    private static long most(Rates rates, Rates.CacheUse cache, boolean hasAudio) {
        return rates.mostFor(new Rates.Worst(1, 1, cache, hasAudio, Extras.NONE), Rates.WHOLE)
                .nanos();
    }

    @Test
    void cost_addsWhatIsBilledByThePiece() throws IOException {
        ModelPrice price = price("""
                {"provider":"p","model":"m","input":1,"output":1,"cache_read":0.5,"audio_cached":0.25,"search":0.01,\
                "search_call":0.035,"file_search":0.0025,"code_session":0.03,"image":0.04,"second":0.0001,"character":15,\
                "tokenizer":"other"}""");
        Usage used = Usage.of(0, 0, Usage.Source.REPORTED);

        assertThat(cost(price, used.with(new Extras(3, 2, 1, 0, 0, 0, 0, 0, ServiceTier.STANDARD))))
                .isEqualTo(30_000_000 + 35_000_000 + 5_000_000 + 30_000_000);
        assertThat(cost(price, used.with(new Extras(0, 0, 0, 2, 7, 1_000, 0, 0, ServiceTier.STANDARD))))
                .isEqualTo(80_000_000 + 700_000 + 15_000_000);
        assertThat(cost(price, cached(0, 10).with(Extras.cached(4, 0)))).isEqualTo(6 * 500 + 4 * 250);
    }

    @Test
    void cost_takesTheTermsThatTheReplyTold_andTheUsualOnesWhereTheyHaveNoPrice() throws IOException {
        ModelPrice price = price("""
                {"provider":"p","model":"m","input":2,"cache_read":2,"output":10,"over":[{"tokens":100,"input":4}],\
                "flex":{"input":1,"output":5},"priority":{"input":3,"output":20,"over":[{"tokens":100,"input":9}]},\
                "tokenizer":"other"}""");

        assertThat(cost(price, on(ServiceTier.STANDARD, 10))).isEqualTo(20_000);
        assertThat(cost(price, on(ServiceTier.FLEX, 10))).isEqualTo(10_000);
        assertThat(cost(price, on(ServiceTier.PRIORITY, 10))).isEqualTo(30_000);
        assertThat(cost(price, on(ServiceTier.BATCH, 10))).isEqualTo(20_000);
        // Nothing is said of long calls on flex terms: they cost what long calls cost.
        assertThat(cost(price, on(ServiceTier.FLEX, 101))).isEqualTo(404_000);
        assertThat(cost(price, on(ServiceTier.PRIORITY, 101))).isEqualTo(909_000);
    }

    @Test
    void cost_isTheShareThatIsPaid_roundedUpOnce() throws IOException {
        ModelPrice price =
                price("{\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"output\":1,\"tokenizer\":\"other\"}");
        Usage used = Usage.of(1, 0, Usage.Source.REPORTED);

        assertThat(cost(price.at(875_000), used)).isEqualTo(875);
        assertThat(cost(price.at(875_500), used)).isEqualTo(876);
        assertThat(cost(price.at(1_100_000), used)).isEqualTo(1_100);
        assertThat(cost(price.at(0), used)).isZero();
    }

    @Test
    void saved_isWhatTheCacheMadeCheaper_andNegativeWhereItMadeItDearer() throws IOException {
        ModelPrice price = price("""
                {"provider":"p","model":"m","input":1,"cache_read":0.1,"cache_write":1.25,"output":1,"tokenizer":"other"}""");

        assertThat(price.saved(cached(5, 100), NOW)).isEqualTo(90_000);
        assertThat(price.saved(new Usage(0, 0, 100, 0, 5, 0, 0, 0, 0, 0, null, Usage.Source.REPORTED), NOW))
                .isEqualTo(-25_000);
        assertThat(price.saved(cached(5, 0), NOW)).isZero();
    }

    private static Usage on(ServiceTier tier, long input) {
        return Usage.of(input, 0, Usage.Source.REPORTED).with(Extras.NONE.on(tier));
    }

    private static long cost(ModelPrice price, Usage used) {
        return price.cost(used, NOW).nanos();
    }

    @Test
    void read_namesFileAndLine_whereItIsWrong() {
        assertThatThrownBy(() -> book("{\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"tokenizer\":\"other\"}"))
                .hasMessage("prices.yaml:3: a model needs the prices input and output");
        assertThatThrownBy(() -> book("{\"provider\":\"p\",\"model\":\"m\",\"inptu\":1}"))
                .hasMessage("prices.yaml:3: unknown key inptu");
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
