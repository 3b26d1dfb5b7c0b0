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
import java.util.List;

/**
 * Spend as charges in the columns of the FinOps Open Cost and Usage Specification (FOCUS 1.2, "Column library"), one per day, provider,
 * model, team and agent. Columns that a gateway cannot know are left out; its own begin with {@code x_}, as the specification asks.
 */
final class FocusText {
    static final List<GroupKey> KEYS = List.of(
            GroupKey.of(Dimension.DAY),
            GroupKey.of(Dimension.PROVIDER),
            GroupKey.of(Dimension.MODEL),
            GroupKey.of(Dimension.TEAM),
            GroupKey.of(Dimension.AGENT));

    private static final List<String> COLUMNS = List.of(
            "BillingPeriodStart",
            "BillingPeriodEnd",
            "ChargePeriodStart",
            "ChargePeriodEnd",
            "ChargeCategory",
            "ChargeFrequency",
            "ChargeDescription",
            "ProviderName",
            "PublisherName",
            "InvoiceIssuerName",
            "ServiceCategory",
            "ServiceName",
            "SkuId",
            "SubAccountId",
            "SubAccountName",
            "BilledCost",
            "EffectiveCost",
            "ContractedCost",
            "BillingCurrency",
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

    private FocusText() {}

    static void write(SpendQuery query, List<SpendGroup> groups, PrintWriter out) {
        out.println(SpendText.line(COLUMNS));
        for (SpendGroup group : groups) {
            // A call that no provider served is no charge.
            if (!group.values().get(1).isEmpty()) {
                out.println(SpendText.line(charge(query, group)));
            }
        }
    }

    private static List<String> charge(SpendQuery query, SpendGroup group) {
        LocalDate day = LocalDate.parse(group.values().get(0));
        String provider = group.values().get(1);
        String model = group.values().get(2);
        String team = group.values().get(3);
        Spend spend = group.spend();
        String cost = SpendReport.dollars(spend.costNanos());
        LocalDate month = day.withDayOfMonth(1);
        return List.of(
                begin(query, month),
                begin(query, month.plusMonths(1)),
                begin(query, day),
                begin(query, day.plusDays(1)),
                "Usage",
                "Usage-Based",
                "Calls of " + model,
                provider,
                provider,
                provider,
                "AI and Machine Learning",
                provider,
                model,
                team,
                team,
                cost,
                cost,
                cost,
                "USD",
                Long.toString(spend.inputTokens() + spend.outputTokens()),
                "Tokens",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("agent", group.values().get(4))
                        .toString(),
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
