package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static dev.tollgate.store.mongo.AuditDocuments.number;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.BsonField;
import com.mongodb.client.model.Sorts;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.store.EpochNanos;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** A question about spend as an aggregation. */
final class SpendPipeline {
    private static final List<String> SUMS = List.of(
            "denied",
            "held",
            "unpriced",
            "cost",
            "saved",
            "input",
            "cacheRead",
            "cacheWrite",
            "mediaInput",
            "output",
            "reasoning",
            "mediaOutput",
            "approved",
            "toolsHeld",
            "toolsApproved",
            "toolsDenied");

    private SpendPipeline() {}

    /** What attempts may be billed that were lost, each with its own model and provider. */
    static List<Bson> ofLost(SpendQuery query, int most) {
        List<Bson> calls = new ArrayList<>();
        List<Bson> attempts = new ArrayList<>();
        calls.add(gte("receivedAt", EpochNanos.of(query.from())));
        calls.add(lt("receivedAt", EpochNanos.of(query.to())));
        calls.add(gt("lostCost", 0));
        query.only()
                .forEach((key, value) ->
                        (key.isWhatServed() ? attempts : calls).add(equal(lostField(query, key), value)));
        Document id = new Document();
        for (GroupKey key : query.by()) {
            id.append("k" + id.size(), "$" + lostField(query, key));
        }
        List<Bson> stages = new ArrayList<>(List.of(Aggregates.match(and(calls)), Aggregates.unwind("$lost")));
        if (!attempts.isEmpty()) {
            stages.add(Aggregates.match(and(attempts)));
        }
        stages.add(Aggregates.group(id, Accumulators.sum("cost", "$lost.cost")));
        stages.add(Aggregates.limit(most));
        return stages;
    }

    private static String lostField(SpendQuery query, GroupKey key) {
        return (key.isWhatServed() ? "lost." : "") + field(query, key);
    }

    static List<Bson> of(SpendQuery query, int most) {
        List<Bson> filters = new ArrayList<>();
        filters.add(gte("receivedAt", EpochNanos.of(query.from())));
        filters.add(lt("receivedAt", EpochNanos.of(query.to())));
        query.only().forEach((key, value) -> filters.add(equal(field(query, key), value)));
        Document id = new Document();
        for (GroupKey key : query.by()) {
            id.append("k" + id.size(), "$" + field(query, key));
        }
        List<BsonField> sums = new ArrayList<>();
        sums.add(Accumulators.sum("calls", 1));
        SUMS.forEach(sum -> sums.add(Accumulators.sum(sum, "$" + sum)));
        sums.add(Accumulators.sum("lost", "$lostCost"));
        return List.of(
                Aggregates.match(and(filters)),
                Aggregates.group(id, sums),
                Aggregates.sort(Sorts.orderBy(Sorts.descending("cost"), Sorts.ascending("_id"))),
                Aggregates.limit(most));
    }

    /** A tag that a call has not is not in its document. */
    private static Bson equal(String field, String value) {
        return value.isEmpty() ? in(field, "", null) : eq(field, value);
    }

    static SpendGroup group(SpendQuery query, Document group) {
        Document id = group.get("_id", Document.class);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < query.by().size(); i++) {
            Object value = id.get("k" + i);
            values.add(value == null ? "" : value.toString());
        }
        long cacheRead = number(group, "cacheRead");
        long cacheWrite = number(group, "cacheWrite");
        long mediaInput = number(group, "mediaInput");
        long reasoning = number(group, "reasoning");
        long mediaOutput = number(group, "mediaOutput");
        Spend spend = new Spend(
                number(group, "calls"),
                number(group, "denied"),
                number(group, "held"),
                number(group, "unpriced"),
                number(group, "cost") - (query.asksWhatServed() ? number(group, "lost") : 0),
                number(group, "saved"),
                number(group, "input") - cacheRead - cacheWrite - mediaInput,
                cacheRead,
                cacheWrite,
                mediaInput,
                number(group, "output") - reasoning - mediaOutput,
                reasoning,
                mediaOutput,
                number(group, "approved"),
                new ToolCount(
                        number(group, "toolsHeld"), number(group, "toolsApproved"), number(group, "toolsDenied")));
        return new SpendGroup(values, spend);
    }

    private static String field(SpendQuery query, GroupKey key) {
        return switch (key.dimension()) {
            case TEAM -> "team";
            case AGENT -> "agent";
            case KEY -> "key";
            case SESSION -> "session";
            case USER -> "user";
            case SUB_AGENT -> "subAgent";
            case TAG -> "tags." + AuditDocuments.tagField(key.tag());
            case PROVIDER -> "provider";
            case MODEL -> "model";
            case DAY -> query.needsQuarters() ? "quarter" : "day";
            case HOUR -> query.needsQuarters() ? "quarter" : "hour";
        };
    }
}
