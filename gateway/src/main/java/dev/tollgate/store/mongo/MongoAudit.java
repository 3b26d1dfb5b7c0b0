package dev.tollgate.store.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.ReadConcern;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.ExchangeChange;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.JournalTail;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bson.Document;

/**
 * Takes the journal of one node into MongoDB, in order. A record that is there already is passed over if it is the same one, and stops
 * everything if it is not. Its role needs {@code find} and {@code insert} on {@value AuditDocuments#RECORDS}, {@code update} besides on
 * {@value AuditDocuments#EXCHANGES}, and {@code createIndex}; nothing is ever removed.
 *
 * <p>How far it has come is the last record of the node that MongoDB holds: both are one. Exchanges are written before the records that tell
 * of them, so that what was cut short is written again.
 */
public final class MongoAudit implements JournalTail.Sink {
    private static final int DUPLICATE_KEY = 11_000;
    private static final long TIMEOUT_SECONDS = 60;

    private final MongoCollection<Document> records;
    private final MongoCollection<Document> exchanges;
    private final String node;
    /** Whether MongoDB has been asked how far it has come. */
    private boolean asked;

    private Optional<Head> upTo = Optional.empty();

    /**
     * @param node whose journal it is, see {@link Head#node()}
     */
    public MongoAudit(MongoConnection connection, String node) {
        this.records = connection.collection(AuditDocuments.RECORDS);
        this.exchanges = connection.collection(AuditDocuments.EXCHANGES);
        this.node = node;
    }

    /** Makes the indexes, if they are not there. */
    public Future<Void> prepare() {
        IndexOptions unique = new IndexOptions().unique(true);
        return MongoConnection.done(records.createIndex(
                        Indexes.compoundIndex(Indexes.ascending("node"), Indexes.descending("chain", "seq")), unique))
                .compose(done -> MongoConnection.done(exchanges.createIndex(Indexes.descending("receivedAt"))))
                .compose(done -> MongoConnection.done(exchanges.createIndex(by("agent"))))
                .compose(done -> MongoConnection.done(exchanges.createIndex(by("session"))));
    }

    /** Brings up to date what an older version wrote of exchanges; yields how many there were. May take minutes. */
    public Future<Long> refill() {
        return new MongoRefill(records, exchanges).run();
    }

    private static org.bson.conversions.Bson by(String name) {
        return Indexes.compoundIndex(Indexes.ascending(name), Indexes.descending("receivedAt"));
    }

    @Override
    public Optional<Head> upTo() throws Exception {
        if (!asked) {
            // What only a part of the replica set has may be rolled back, and would be a gap if it were counted as
            // there.
            upTo = await(MongoConnection.first(records.withReadConcern(ReadConcern.MAJORITY)
                            .find(Filters.eq("node", node))
                            .sort(Sorts.descending("chain", "seq"))
                            .limit(1)))
                    .map(AuditDocuments::head);
            asked = true;
        }
        return upTo;
    }

    @Override
    public boolean take(List<JournalEntry> batch, Optional<Head> after) throws Exception {
        if (!upTo().equals(after)) {
            return false;
        }
        List<WriteModel<Document>> changes = new ArrayList<>();
        for (ExchangeChange change : ExchangeChange.of(batch)) {
            changes.add(new UpdateOneModel<>(
                    Filters.eq("_id", change.exchange()),
                    AuditDocuments.update(change),
                    new UpdateOptions().upsert(change.begun() != null)));
        }
        if (!changes.isEmpty()) {
            await(MongoConnection.done(exchanges.bulkWrite(changes, new BulkWriteOptions().ordered(false))));
        }
        insert(batch.stream().map(entry -> AuditDocuments.record(entry, node)).toList());
        upTo = Optional.of(Head.of(batch.getLast()));
        return true;
    }

    private void insert(List<Document> batch) throws Exception {
        try {
            insertAll(batch);
        } catch (MongoBulkWriteException refused) {
            if (refused.getWriteErrors().stream().anyMatch(error -> error.getCode() != DUPLICATE_KEY)) {
                throw refused;
            }
            insertAll(missing(batch));
        }
    }

    private void insertAll(List<Document> batch) throws Exception {
        if (!batch.isEmpty()) {
            // In order, so that what is there never has a gap.
            await(MongoConnection.done(records.insertMany(batch, new InsertManyOptions().ordered(true))));
        }
    }

    private List<Document> missing(List<Document> batch) throws Exception {
        List<String> ids = batch.stream().map(record -> record.getString("_id")).toList();
        Map<String, String> there = await(MongoConnection.all(
                        records.find(Filters.in("_id", ids)).projection(Projections.include("hash")), ids.size()))
                .stream()
                .collect(Collectors.toMap(record -> record.getString("_id"), record -> record.getString("hash")));
        List<Document> missing = new ArrayList<>();
        for (Document record : batch) {
            String hash = there.get(record.getString("_id"));
            if (hash == null) {
                missing.add(record);
            } else if (!hash.equals(record.getString("hash"))) {
                throw new IOException(
                        "record " + record.getString("_id") + " in MongoDB is not the one in the journal");
            }
        }
        return missing;
    }

    /** Begins with the first record again; what is there stays and is passed over. */
    @Override
    public void restart() {
        upTo = Optional.empty();
        asked = true;
    }

    private static <T> T await(Future<T> answer) throws Exception {
        return answer.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
