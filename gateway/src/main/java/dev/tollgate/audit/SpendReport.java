package dev.tollgate.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import java.math.BigDecimal;
import java.util.List;

/** An answer about spend as a document: the same from the command line and from the console's API. Money is told in dollars, exactly, as text. */
public final class SpendReport {
    private SpendReport() {}

    /** The document: what was asked, one row per group, and all rows together. */
    public static ObjectNode document(SpendQuery query, List<SpendGroup> groups) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("from", query.from().toString())
                .put("to", query.to().toString())
                .put("time_zone", query.zone().getId());
        ArrayNode by = document.putArray("by");
        query.by().forEach(key -> by.add(key.toString()));
        ArrayNode rows = document.putArray("rows");
        Spend total = Spend.NONE;
        for (SpendGroup group : groups) {
            ObjectNode row = rows.addObject();
            for (int i = 0; i < query.by().size(); i++) {
                row.put(query.by().get(i).toString(), group.values().get(i));
            }
            put(row, group.spend());
            total = total.plus(group.spend());
        }
        put(document.putObject("total"), total);
        return document;
    }

    private static void put(ObjectNode row, Spend spend) {
        row.put("calls", spend.calls())
                .put("cost_usd", dollars(spend.costNanos()))
                .put("input_tokens", spend.input())
                .put("cache_read_tokens", spend.cacheRead())
                .put("cache_write_tokens", spend.cacheWrite())
                .put("media_input_tokens", spend.mediaInput())
                .put("output_tokens", spend.output())
                .put("reasoning_tokens", spend.reasoning())
                .put("media_output_tokens", spend.mediaOutput())
                .put("cache_hit_percent", spend.cacheHitPercent())
                .put("cache_saved_usd", dollars(spend.savedNanos()))
                .put("denied", spend.denied())
                .put("held", spend.held())
                .put("approved", spend.approved())
                .put("tool_calls_held", spend.tools().held())
                .put("tool_calls_approved", spend.tools().approved())
                .put("tool_calls_denied", spend.tools().denied())
                .put("unpriced", spend.unpriced());
    }

    /** Nano-dollars as dollars, without a sign of the currency. */
    public static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }
}
