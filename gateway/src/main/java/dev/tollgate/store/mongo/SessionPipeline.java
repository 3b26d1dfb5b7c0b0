package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.ne;
import static dev.tollgate.store.mongo.AuditDocuments.number;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Sorts;
import dev.tollgate.audit.AuditIndex.SessionQuery;
import dev.tollgate.audit.AuditIndex.SessionRow;
import dev.tollgate.store.EpochNanos;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** A question about sessions as an aggregation. */
final class SessionPipeline {
    private SessionPipeline() {}

    static List<Bson> of(SessionQuery query) {
        Document id = new Document("session", "$session").append("team", "$team");
        List<Bson> steps = new ArrayList<>();
        steps.add(Aggregates.match(and(
                ne("session", ""),
                gte("receivedAt", EpochNanos.of(query.from())),
                lt("receivedAt", EpochNanos.of(query.to())))));
        if (!query.team().isEmpty()) {
            steps.add(Aggregates.match(new Document("team", query.team())));
        }
        steps.add(Aggregates.group(
                id,
                Accumulators.addToSet("agents", "$agent"),
                Accumulators.addToSet("helpers", "$subAgent"),
                Accumulators.min("first", "$receivedAt"),
                Accumulators.max("last", "$receivedAt"),
                Accumulators.sum("calls", 1),
                Accumulators.sum("denied", "$denied"),
                Accumulators.sum("held", "$held"),
                Accumulators.sum("good", good()),
                Accumulators.sum("cost", "$cost"),
                Accumulators.sum("input", "$input"),
                Accumulators.sum("output", "$output")));
        if (!query.agent().isEmpty()) {
            steps.add(Aggregates.match(new Document("agents", query.agent())));
        }
        steps.add(Aggregates.sort(Sorts.orderBy(Sorts.descending("last"), Sorts.ascending("_id"))));
        steps.add(Aggregates.limit(query.limit()));
        return steps;
    }

    /** 1 for a call that is open, or ended as it should; a denied one is counted by itself. */
    private static Document good() {
        Document completed = new Document("$eq", List.of("$result", "completed"));
        Document open = new Document("$eq", List.of("$result", "open"));
        return new Document("$cond", List.of(new Document("$or", List.of(completed, open)), 1, 0));
    }

    static SessionRow row(Document group) {
        Document id = group.get("_id", Document.class);
        long calls = number(group, "calls");
        long denied = number(group, "denied");
        return new SessionRow(
                id.getString("session"),
                id.getString("team"),
                group.getList("agents", String.class).stream().sorted().toList(),
                (int) group.getList("helpers", String.class).stream()
                        .filter(helper -> helper != null && !helper.isEmpty())
                        .count(),
                EpochNanos.toInstant(number(group, "first")),
                EpochNanos.toInstant(number(group, "last")),
                calls,
                denied,
                number(group, "held"),
                calls - denied - number(group, "good"),
                number(group, "cost"),
                number(group, "input"),
                number(group, "output"));
    }
}
