package dev.tollgate.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PricesPolicy;
import dev.tollgate.policy.PricesPolicy.Discount;
import dev.tollgate.policy.PricesPolicy.Over;
import dev.tollgate.policy.PricesPolicy.OwnPrice;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import dev.tollgate.value.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PriceListTest {
    private static final Instant NOW = Instant.parse("2026-08-21T12:00:00Z");
    private static final String LIST = """
            date: 2026-08-21
            models:
            - {"provider":"p","model":"big","prefix":["big"],"input":3,"output":9,"context":1000,"tokenizer":"claude"}
            - {"provider":"p","model":"small","input":1,"output":2,"tokenizer":"other"}
            """;

    @Test
    void discount_ofTheLongestFittingName_isTakenOff_toTheNanoDollar() throws Exception {
        PriceList list = list(List.of(), discount("*", "10"), discount("big*", "12.5"), discount("BIG-2", "-10"));

        assertThat(cost(list, "small")).isEqualTo(900);
        assertThat(cost(list, "big-1")).isEqualTo(2625);
        assertThat(cost(list, "big-2")).isEqualTo(3300);
        assertThat(cost(list, "small", Usage.of(1, 1, Usage.Source.REPORTED))).isEqualTo(2700);
    }

    @Test
    void discount_ofABillThatTheProviderToldItself_isNone() throws Exception {
        PriceList list = list(List.of(), discount("*", "50"));
        Usage told = new Usage(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, new NanoUsd(7), Usage.Source.REPORTED);

        assertThat(cost(list, "big", told)).isEqualTo(7);
    }

    @Test
    void discount_thatIsTooFine_orThereTwice_isRefused() {
        assertThatThrownBy(() -> list(List.of(), discount("*", "0.00001")))
                .hasMessageContaining("prices.discounts[0].percent")
                .hasMessageContaining("more than 4 decimals");
        assertThatThrownBy(() -> list(List.of(), discount("a", "1"), discount("A", "2")))
                .hasMessageContaining("prices.discounts[1]")
                .hasMessageContaining("already");
    }

    @Test
    void ownPrice_replacesTheListed_keepsItsLimits_andIsNotDiscounted() throws Exception {
        OwnPrice own = own("big*", Map.of("input", usd("2"), "output", usd("4"), "search", usd("0.01")));
        PriceList list = list(List.of(own), discount("*", "50"));

        assertThat(cost(list, "big-1")).isEqualTo(2000);
        assertThat(cost(list, "small")).isEqualTo(500);
        ModelPrice price = list.find(new ModelId("p", "big-1")).orElseThrow();
        assertThat(price.contextWindow()).isEqualTo(1000);
        assertThat(price.tokenizer()).isEqualTo(Tokenizer.CLAUDE);
        Usage searched =
                Usage.of(0, 0, Usage.Source.REPORTED).with(new Extras(2, 0, 0, 0, 0, 0, 0, 0, ServiceTier.STANDARD));
        assertThat(cost(list, "big-1", searched)).isEqualTo(20_000_000);
    }

    @Test
    void ownPrice_ofAModelThatNobodyKnows_countsToo_withItsTiersAndTerms() throws Exception {
        OwnPrice own = new OwnPrice(
                "p",
                "mine",
                Map.of("input", usd("2"), "output", usd("4")),
                List.of(new Over(10L, Map.of("input", usd("3")))),
                Map.of("input", usd("1")),
                null,
                null,
                null);
        PriceList list = list(List.of(own));

        assertThat(cost(list, "mine", Usage.of(10, 0, Usage.Source.REPORTED))).isEqualTo(20_000);
        assertThat(cost(list, "mine", Usage.of(11, 0, Usage.Source.REPORTED))).isEqualTo(33_000);
        assertThat(cost(list, "mine", Usage.of(10, 0, Usage.Source.REPORTED).with(Extras.NONE.on(ServiceTier.FLEX))))
                .isEqualTo(10_000);
    }

    @Test
    void ownPrice_withoutOutput_orOfNothingThatIsBilled_isRefused() {
        assertThatThrownBy(() -> list(List.of(own("x", Map.of("input", usd("1"))))))
                .hasMessageContaining("prices.models[0].dollars")
                .hasMessageContaining("output is missing");
        assertThatThrownBy(() -> list(List.of(own("x", Map.of("inptu", usd("1"))))))
                .hasMessageContaining("prices.models[0].dollars.inptu");
    }

    private static PriceList list(List<OwnPrice> own, Discount... discounts) throws PolicyException, IOException {
        PriceBook book = PriceBook.read("prices.yaml", new ByteArrayInputStream(LIST.getBytes(UTF_8)));
        return PriceList.of(book, new PricesPolicy(own, List.of(discounts)));
    }

    private static OwnPrice own(String model, Map<String, NanoUsd> dollars) {
        return new OwnPrice("p", model, dollars, null, null, null, null, null);
    }

    private static Discount discount(String model, String percent) {
        return new Discount("p", model, Double.valueOf(percent));
    }

    private static NanoUsd usd(String dollars) {
        return NanoUsd.ofDollars(dollars);
    }

    private static long cost(PriceList list, String model) {
        return cost(list, model, Usage.of(1, 0, Usage.Source.REPORTED));
    }

    private static long cost(PriceList list, String model, Usage used) {
        return list.find(new ModelId("p", model)).orElseThrow().cost(used, NOW).nanos();
    }
}
