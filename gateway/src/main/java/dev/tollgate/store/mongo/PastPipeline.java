package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static dev.tollgate.store.mongo.AuditDocuments.number;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Sorts;
import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.store.EpochNanos;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** A question about the past of an agent as aggregations. */
final class PastPipeline {
    private PastPipeline() {}

    static Bson agent(AgentPast.Question question) {
        return and(eq("agent", question.agent()), eq("team", question.team()));
    }

    /** Its newest calls; all else is asked of these. */
    private static List<Bson> lately(AgentPast.Question question) {
        return new ArrayList<>(List.of(
                Aggregates.match(and(
                        agent(question),
                        gte("receivedAt", EpochNanos.of(question.from())),
                        lt("receivedAt", EpochNanos.of(question.before())))),
                Aggregates.sort(Sorts.descending("receivedAt")),
                Aggregates.limit(AgentPast.MAX_CALLS)));
    }

    static List<Bson> counts(AgentPast.Question question) {
        List<Bson> steps = lately(question);
        Document refused = new Document(
                "$cond",
                List.of(
                        new Document(
                                "$and",
                                List.of(
                                        new Document("$eq", List.of("$result", "denied")),
                                        new Document("$ne", List.of("$held", 1)))),
                        1,
                        0));
        steps.add(Aggregates.group(
                null,
                Accumulators.min("since", "$receivedAt"),
                Accumulators.sum("calls", 1),
                Accumulators.sum("held", "$held"),
                Accumulators.sum("approved", "$approved"),
                Accumulators.sum("refused", refused),
                Accumulators.sum("toolsHeld", "$toolsHeld"),
                Accumulators.sum("toolsApproved", "$toolsApproved"),
                Accumulators.sum("toolsDenied", "$toolsDenied")));
        return steps;
    }

    static List<Bson> asked(AgentPast.Question question) {
        List<Bson> steps = lately(question);
        steps.add(Aggregates.match(or(gt("held", 0), gt("toolsHeld", 0))));
        steps.add(Aggregates.limit(question.asked()));
        return steps;
    }

    /**
     * @param first the oldest call, if there is one
     * @param counts the sums, if there is something to sum
     */
    static AgentPast past(List<Document> first, List<Document> counts, List<ExchangeRow> asked) {
        if (first.isEmpty()) {
            return AgentPast.NONE;
        }
        Document sums = counts.isEmpty() ? new Document() : counts.getFirst();
        return new AgentPast(
                EpochNanos.toInstant(number(first.getFirst(), "receivedAt")),
                counts.isEmpty() ? null : EpochNanos.toInstant(number(sums, "since")),
                number(sums, "calls"),
                number(sums, "held"),
                number(sums, "approved"),
                number(sums, "refused"),
                new ToolCount(number(sums, "toolsHeld"), number(sums, "toolsApproved"), number(sums, "toolsDenied")),
                asked);
    }
}
