package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.RecordReader;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.store.EpochNanos;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from what all nodes have shipped. What it finds in {@value AuditDocuments#EXCHANGES} it tells in the words of the records in
 * {@link AuditPartitions}, so that nothing is shown that is not on the record.
 */
public final class MongoAuditIndex implements AuditIndex {
    private static final Logger LOG = LoggerFactory.getLogger(MongoAuditIndex.class);
    private static final int MAX_RECENT = 1000;
    /** Most groups read where days and hours are made of quarters of an hour. */
    private static final int MAX_QUARTERS = 500_000;

    private final AuditPartitions partitions;
    private final MongoCollection<Document> exchanges;

    public MongoAuditIndex(MongoConnection connection) {
        this.partitions = new AuditPartitions(connection);
        this.exchanges = connection.collection(AuditDocuments.EXCHANGES);
    }

    @Override
    public Future<List<ExchangeRow>> recent(Filter filter, int limit) {
        List<Bson> all = new ArrayList<>();
        all.add(lt("receivedAt", EpochNanos.of(filter.before())));
        equal("agent", filter.agent(), all);
        equal("team", filter.team(), all);
        equal("session", filter.session(), all);
        equal("result", filter.result(), all);
        equal("model", filter.model(), all);
        equal("rules", filter.rule(), all);
        if (filter.minCostNanos() > 0) {
            all.add(gte("cost", filter.minCostNanos()));
        }
        int most = Math.min(limit, MAX_RECENT);
        return MongoConnection.all(
                        exchanges
                                .find(and(all))
                                .sort(Sorts.descending("receivedAt", "_id"))
                                .limit(most),
                        most)
                .compose(this::rows);
    }

    private static void equal(String name, String value, List<Bson> all) {
        if (!value.isEmpty()) {
            all.add(eq(name, value));
        }
    }

    @Override
    public Future<Optional<ExchangeRow>> find(String exchangeId) {
        return MongoConnection.all(exchanges.find(eq("_id", exchangeId)).limit(1), 1)
                .compose(this::rows)
                .map(rows -> rows.stream().findFirst());
    }

    @Override
    public Future<AgentPast> past(AgentPast.Question question) {
        Future<List<Document>> first = MongoConnection.all(
                exchanges
                        .find(PastPipeline.agent(question))
                        .sort(Sorts.ascending("receivedAt"))
                        .limit(1),
                1);
        Future<List<Document>> counts = MongoConnection.all(exchanges.aggregate(PastPipeline.counts(question)), 1);
        Future<List<ExchangeRow>> asked = question.asked() == 0
                ? Future.succeededFuture(List.of())
                : MongoConnection.all(exchanges.aggregate(PastPipeline.asked(question)), question.asked())
                        .compose(this::rows);
        return first.compose(
                oldest -> counts.compose(sums -> asked.map(rows -> PastPipeline.past(oldest, sums, rows))));
    }

    private Future<List<ExchangeRow>> rows(List<Document> found) {
        if (found.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return partitions.texts(found).map(byId -> {
            List<ExchangeRow> rows = new ArrayList<>();
            found.forEach(exchange -> row(exchange, byId).ifPresent(rows::add));
            return rows;
        });
    }

    /** Empty where the first record is still on its way; without an end where the second is. */
    private static Optional<ExchangeRow> row(Document exchange, Map<String, String> records) {
        try {
            String first = records.get(exchange.getString("received"));
            if (first == null) {
                return Optional.empty();
            }
            @Nullable String second = records.get(String.valueOf(exchange.getString("ended")));
            return Optional.of(new ExchangeRow(
                    (Received) RecordReader.read(first.getBytes(UTF_8)),
                    second == null
                            ? Optional.empty()
                            : Optional.of((Ended) RecordReader.read(second.getBytes(UTF_8)))));
        } catch (IOException | ClassCastException unreadable) {
            LOG.warn("the records of exchange {} cannot be read: {}", exchange.getString("_id"), unreadable.toString());
            return Optional.empty();
        }
    }

    @Override
    public Future<List<SessionRow>> sessions(SessionQuery query) {
        return MongoConnection.all(exchanges.aggregate(SessionPipeline.of(query)), query.limit())
                .map(found -> found.stream().map(SessionPipeline::row).toList());
    }

    @Override
    public Future<List<SpendGroup>> spend(SpendQuery query) {
        int most = query.needsQuarters() ? MAX_QUARTERS : MAX_SPEND_ROWS;
        Future<List<SpendGroup>> all = groups(query, SpendPipeline.of(query, most), most);
        if (query.asksWhatServed()) {
            Future<List<SpendGroup>> lost = groups(query, SpendPipeline.ofLost(query, most), most);
            all = all.compose(groups -> lost.map(others -> SpendQuery.together(groups, others)));
        }
        return all.map(groups -> query.needsQuarters() ? query.folded(groups) : groups);
    }

    private Future<List<SpendGroup>> groups(SpendQuery query, List<Bson> pipeline, int most) {
        return MongoConnection.all(exchanges.aggregate(pipeline), most)
                .map(found -> found.stream()
                        .map(group -> SpendPipeline.group(query, group))
                        .toList());
    }
}
