package dev.tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What finance tools ask of a data set (FOCUS 1.2, "Columns"): the columns, what may be null in them, and their values. */
final class FocusTextTest {
    private static final List<String> NEVER_NULL = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ContractedCost",
            "EffectiveCost",
            "InvoiceIssuerName",
            "ListCost",
            "ProviderName",
            "PublisherName",
            "ServiceCategory",
            "ServiceName",
            // Of usage that is no correction.
            "ChargeDescription",
            "ChargeFrequency",
            "ConsumedQuantity",
            "ConsumedUnit",
            "PricingCategory",
            "PricingQuantity",
            "PricingUnit",
            "ServiceSubcategory",
            "SkuId",
            "SkuPriceId");

    private static List<Map<String, String>> written(Map<String, String> accounts, SpendGroup... groups) {
        SpendQuery query = new SpendQuery(
                Instant.parse("2026-11-01T00:00:00Z"),
                Instant.parse("2026-12-01T00:00:00Z"),
                ZoneId.of("Europe/Berlin"),
                FocusText.KEYS,
                Map.of());
        StringWriter text = new StringWriter();
        FocusText.write(query, List.of(groups), accounts, new PrintWriter(text, true));
        List<List<String>> rows = UsageExport.rows(text.toString());
        List<String> head = rows.get(0);
        assertThat(head).doesNotHaveDuplicates().containsAll(NEVER_NULL);
        assertThat(head).contains("BillingAccountName", "ChargeClass", "InvoiceId");
        return rows.stream()
                .skip(1)
                .map(row -> {
                    assertThat(row).hasSameSizeAs(head);
                    Map<String, String> charge = new HashMap<>();
                    for (int i = 0; i < head.size(); i++) {
                        charge.put(head.get(i), row.get(i));
                    }
                    return charge;
                })
                .toList();
    }

    private static SpendGroup group(String provider, String model, String team) {
        return new SpendGroup(
                List.of("2026-11-21", provider, model, team, "coder"),
                new Spend(3, 0, 0, 1, 1_500_000_001, 7, 100, 20, 3, 0, 40, 5, 0));
    }

    @Test
    void charge_hasWhatMustNotBeNull_inTheValuesThatAreAllowed() {
        List<Map<String, String>> charges = written(
                Map.of("openai", "org-1234"),
                group("openai", "gpt-4o", "red"),
                group("own", "", ""),
                group("", "gpt-4o", "red"));

        assertThat(charges).as("a call that nobody served is no charge").hasSize(2);
        for (Map<String, String> charge : charges) {
            NEVER_NULL.forEach(
                    column -> assertThat(charge.get(column)).as(column).isNotEmpty());
            assertThat(charge)
                    .containsEntry("ChargeCategory", "Usage")
                    .containsEntry("ChargeClass", "")
                    .containsEntry("ChargeFrequency", "Usage-Based")
                    .containsEntry("PricingCategory", "Standard")
                    .containsEntry("ServiceCategory", "AI and Machine Learning")
                    .containsEntry("ServiceSubcategory", "Generative AI")
                    .containsEntry("BillingPeriodStart", "2026-10-31T23:00:00Z")
                    .containsEntry("BillingPeriodEnd", "2026-11-30T23:00:00Z")
                    .containsEntry("ChargePeriodStart", "2026-11-20T23:00:00Z")
                    .containsEntry("ChargePeriodEnd", "2026-11-21T23:00:00Z")
                    .containsEntry("BilledCost", "1.500000001")
                    .containsEntry("ListCost", "1.500000001")
                    .containsEntry("PricingQuantity", "168")
                    .containsEntry("ConsumedUnit", "Tokens");
        }
        assertThat(charges.get(0))
                .containsEntry("BillingAccountId", "org-1234")
                .containsEntry("SubAccountId", "red")
                .containsEntry("SubAccountType", "Team")
                .containsEntry("Tags", "{\"agent\":\"coder\"}");
        assertThat(charges.get(1))
                .containsEntry("BillingAccountId", "own")
                .containsEntry("SkuId", "own")
                .containsEntry("SubAccountId", "")
                .containsEntry("SubAccountType", "");
    }
}
