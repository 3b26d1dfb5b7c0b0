package dev.tollgate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.audit.SpendReport;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Spend as charges in the columns of the FinOps Open Cost and Usage Specification (FOCUS 1.2, "Column library"), one per day, provider,
 * model, team and agent. Conditional columns that a gateway cannot know are left out; its own begin with {@code x_}, as the specification asks. The
 * list cost is the cost: what a contract took off is not in the log.
 */
final class FocusText {
    static final List<GroupKey> KEYS = List.of(
            GroupKey.of(Dimension.DAY),
            GroupKey.of(Dimension.PROVIDER),
            GroupKey.of(Dimension.MODEL),
            GroupKey.of(Dimension.TEAM),
            GroupKey.of(Dimension.AGENT));

    /** All that the specification calls mandatory, what it recommends or asks for where there is a price list, and our own. */
    static final List<String> COLUMNS = List.of(
            "BillingAccountId",
            "BillingAccountName",
            "BillingPeriodStart",
            "BillingPeriodEnd",
            "ChargePeriodStart",
            "ChargePeriodEnd",
            "ChargeCategory",
            "ChargeClass",
            "ChargeFrequency",
            "ChargeDescription",
            "InvoiceId",
            "ProviderName",
            "PublisherName",
            "InvoiceIssuerName",
            "ServiceCategory",
            "ServiceSubcategory",
            "ServiceName",
            "SkuId",
            "SkuMeter",
            "SkuPriceId",
            "SubAccountId",
            "SubAccountName",
            "SubAccountType",
            "BilledCost",
            "EffectiveCost",
            "ListCost",
            "ContractedCost",
            "BillingCurrency",
            "PricingCategory",
            "PricingQuantity",
            "PricingUnit",
            "ConsumedQuantity",
            "ConsumedUnit",
            "Tags",
            "x_Calls",
            "x_InputTokens",
            "x_CacheReadTokens",
            "x_CacheWriteTokens",
            "x_OutputTokens",
            "x_ReasoningTokens",
            "x_CacheSavedCost",
            "x_UnpricedCalls");
    /** What is null, in CSV. */
    private static final String NULL = "";

    private FocusText() {}

    /**
     * @param accounts the billing account by provider, for those that have one of another name
     */
    static void write(SpendQuery query, List<SpendGroup> groups, Map<String, String> accounts, PrintWriter out) {
        out.println(SpendText.line(COLUMNS));
        for (SpendGroup group : groups) {
            // A call that no provider served is no charge.
            if (!group.values().get(1).isEmpty()) {
                out.println(SpendText.line(charge(query, group, accounts)));
            }
        }
    }

    private static List<String> charge(SpendQuery query, SpendGroup group, Map<String, String> accounts) {
        LocalDate day = LocalDate.parse(group.values().get(0));
        LocalDate month = day.withDayOfMonth(1);
        String provider = group.values().get(1);
        // Calls that name no model are of the provider's one service.
        String model =
                group.values().get(2).isEmpty() ? provider : group.values().get(2);
        String team = group.values().get(3);
        Spend spend = group.spend();
        String cost = SpendReport.dollars(spend.costNanos());
        String tokens = Long.toString(spend.inputTokens() + spend.outputTokens());
        List<String> charge = new ArrayList<>(List.of(
                accounts.getOrDefault(provider, provider),
                accounts.getOrDefault(provider, provider),
                begin(query, month),
                begin(query, month.plusMonths(1)),
                begin(query, day),
                begin(query, day.plusDays(1))));
        charge.addAll(List.of("Usage", NULL, "Usage-Based", "Calls of " + model, NULL));
        charge.addAll(List.of(provider, provider, provider));
        charge.addAll(List.of("AI and Machine Learning", "Generative AI", provider, model, "Tokens", model));
        charge.addAll(List.of(team, team, team.isEmpty() ? NULL : "Team"));
        charge.addAll(List.of(cost, cost, cost, cost, "USD"));
        charge.addAll(List.of("Standard", tokens, "Tokens", tokens, "Tokens"));
        charge.add(JsonNodeFactory.instance
                .objectNode()
                .put("agent", group.values().get(4))
                .toString());
        charge.addAll(own(spend));
        return charge;
    }

    private static List<String> own(Spend spend) {
        return List.of(
                Long.toString(spend.calls()),
                Long.toString(spend.input() + spend.mediaInput()),
                Long.toString(spend.cacheRead()),
                Long.toString(spend.cacheWrite()),
                Long.toString(spend.output() + spend.mediaOutput()),
                Long.toString(spend.reasoning()),
                SpendReport.dollars(spend.savedNanos()),
                Long.toString(spend.unpriced()));
    }

    private static String begin(SpendQuery query, LocalDate day) {
        return day.atStartOfDay(query.zone()).toInstant().toString();
    }
}
