package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.RecordReader;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings documents of exchanges up to date that an older version wrote: what is asked for by now, and is not in them, is taken from their
 * records. Goes through them once, a batch at a time; several nodes may do so at once, and write the same.
 */
final class MongoRefill {
    private static final Logger LOG = LoggerFactory.getLogger(MongoRefill.class);
    private static final int BATCH = 500;

    private final AuditPartitions records;
    private final MongoCollection<Document> exchanges;

    MongoRefill(AuditPartitions records, MongoCollection<Document> exchanges) {
        this.records = records;
        this.exchanges = exchanges;
    }

    /** Yields how many there were, and tells the log. */
    Future<Long> run() {
        return from("", 0)
                .onSuccess(filled -> {
                    if (filled > 0) {
                        LOG.info("{} exchanges that an older version wrote were filled in from their records", filled);
                    }
                })
                .onFailure(away -> LOG.warn("exchanges of an older version were not filled in: {}", away.toString()));
    }

    private Future<Long> from(String after, long before) {
        return MongoConnection.all(
                        exchanges
                                .find(and(
                                        gt("_id", after),
                                        exists("received"),
                                        exists(AuditDocuments.NEWEST_FIELD, false)))
                                .projection(Projections.include("received", "receivedIn", "ended", "endedIn"))
                                .sort(Sorts.ascending("_id"))
                                .limit(BATCH),
                        BATCH)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(before)
                        : refill(found).compose(done -> from(found.getLast().getString("_id"), before + found.size())));
    }

    private Future<Void> refill(List<Document> found) {
        return records.texts(found).compose(byId -> {
            List<WriteModel<Document>> changes = new ArrayList<>();
            found.forEach(exchange -> add(exchange, byId, changes));
            return changes.isEmpty()
                    ? Future.succeededFuture()
                    : MongoConnection.done(exchanges.bulkWrite(changes, new BulkWriteOptions().ordered(false)));
        });
    }

    private static void add(Document exchange, Map<String, String> texts, List<WriteModel<Document>> changes) {
        String received = exchange.getString("received");
        @Nullable String ended = exchange.getString("ended");
        try {
            String first = texts.get(received);
            @Nullable String second = ended == null ? null : texts.get(ended);
            if (first != null) {
                changes.add(new UpdateOneModel<>(
                        eq("_id", exchange.getString("_id")),
                        AuditDocuments.refill(
                                received,
                                (Received) RecordReader.read(first.getBytes(UTF_8)),
                                ended,
                                second == null ? null : (Ended) RecordReader.read(second.getBytes(UTF_8)))));
            }
        } catch (IOException | ClassCastException unreadable) {
            LOG.warn("the records of exchange {} cannot be read: {}", exchange.getString("_id"), unreadable.toString());
        }
    }
}
