package dev.tollgate.store.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.ReadConcern;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
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
import dev.tollgate.audit.Tombstone;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.Document;

/**
 * Takes the journal of one node into MongoDB, in order. A record that is there already is passed over if it is the same one, and stops
 * everything if it is not. Its role needs {@code find} and {@code insert} on {@link AuditPartitions}, {@code update} besides on
 * {@value AuditDocuments#EXCHANGES}, {@code createCollection} and {@code createIndex}; it removes nothing.
 *
 * <p>How far it has come is the last record of the node that MongoDB holds: both are one. Exchanges are written before the records that tell
 * of them, so that what was cut short is written again.
 */
public final class MongoAudit implements JournalTail.Sink {
    private static final int DUPLICATE_KEY = 11_000;
    private static final long TIMEOUT_SECONDS = 60;

    private final AuditPartitions partitions;
    private final MongoTombstones tombstones;
    private final MongoCollection<Document> exchanges;
    private final String node;
    /** Whether MongoDB has been asked how far it has come. */
    private boolean asked;

    private Optional<Head> upTo = Optional.empty();
    /** Where the segment of the newest record is. */
    private Optional<Place> place = Optional.empty();

    /** A segment of the journal and its partition. */
    private record Place(long segment, String partition) {}

    /**
     * @param node whose journal it is, see {@link Head#node()}
     */
    public MongoAudit(MongoConnection connection, String node) {
        this.partitions = new AuditPartitions(connection);
        this.tombstones = new MongoTombstones(connection);
        this.exchanges = connection.collection(AuditDocuments.EXCHANGES);
        this.node = node;
    }

    /** Makes the indexes, if they are not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(exchanges.createIndex(Indexes.descending("receivedAt")))
                .compose(done -> MongoConnection.done(exchanges.createIndex(by("agent"))))
                .compose(done -> MongoConnection.done(exchanges.createIndex(by("session"))));
    }

    /** Brings up to date what an older version wrote of exchanges; yields how many there were. May take minutes. */
    public Future<Long> refill() {
        return new MongoRefill(partitions, exchanges).run();
    }

    private static org.bson.conversions.Bson by(String name) {
        return Indexes.compoundIndex(Indexes.ascending(name), Indexes.descending("receivedAt"));
    }

    @Override
    public Optional<Head> upTo() throws Exception {
        if (!asked) {
            for (String name : await(partitions.names()).reversed()) {
                Optional<Document> newest = newestIn(name);
                if (newest.isPresent()) {
                    upTo = newest.map(AuditDocuments::head);
                    place = upTo.map(head -> new Place(head.end().segment(), name));
                    break;
                }
            }
            asked = true;
        }
        return upTo;
    }

    private Optional<Document> newestIn(String partition) throws Exception {
        // What only a part of the replica set has may be rolled back, and would be a gap if it were counted as there.
        return await(MongoConnection.first(partitions
                .get(partition)
                .withReadConcern(ReadConcern.MAJORITY)
                .find(Filters.eq("node", node))
                .sort(Sorts.descending("chain", "seq"))
                .limit(1)));
    }

    @Override
    public boolean take(List<JournalEntry> batch, Optional<Head> after) throws Exception {
        if (!upTo().equals(after)) {
            return false;
        }
        Map<Long, String> places = places(batch);
        Function<JournalEntry, String> partitionOf =
                entry -> places.getOrDefault(entry.position().segment(), "");
        List<WriteModel<Document>> changes = new ArrayList<>();
        for (ExchangeChange change : ExchangeChange.of(batch)) {
            changes.add(new UpdateOneModel<>(
                    Filters.eq("_id", change.exchange()),
                    AuditDocuments.update(change, partitionOf),
                    new UpdateOptions().upsert(change.begun() != null)));
        }
        if (!changes.isEmpty()) {
            await(MongoConnection.done(exchanges.bulkWrite(changes, new BulkWriteOptions().ordered(false))));
        }
        for (JournalEntry entry : batch) {
            Optional<Tombstone> said = Tombstone.in(entry);
            if (said.isPresent()) {
                await(tombstones.note(node, AuditDocuments.id(entry), partitionOf.apply(entry), said.get()));
            }
        }
        // One after the other and in order, so that what is there never has a gap.
        Map<String, List<Document>> records = new LinkedHashMap<>();
        for (JournalEntry entry : batch) {
            records.computeIfAbsent(partitionOf.apply(entry), none -> new ArrayList<>())
                    .add(AuditDocuments.record(entry, node));
        }
        for (Map.Entry<String, List<Document>> some : records.entrySet()) {
            await(partitions.prepare(some.getKey()));
            insert(partitions.get(some.getKey()), some.getValue());
        }
        upTo = Optional.of(Head.of(batch.getLast()));
        place = Optional.of(new Place(batch.getLast().position().segment(), partitionOf.apply(batch.getLast())));
        return true;
    }

    /** Where the segments of a batch are, or are to be. */
    private Map<Long, String> places(List<JournalEntry> batch) throws Exception {
        Map<Long, String> places = new HashMap<>();
        Optional<Place> before = place;
        for (JournalEntry entry : batch) {
            long segment = entry.position().segment();
            if (before.isEmpty() || before.get().segment() != segment) {
                before = Optional.of(new Place(segment, partition(entry, before)));
            }
            places.put(segment, before.get().partition());
        }
        return places;
    }

    /** The partition of a segment that begins with this record: where it is already, or that of its month, and never one before the last. */
    private String partition(JournalEntry first, Optional<Place> before) throws Exception {
        List<String> names = await(partitions.names());
        for (String name : names.reversed()) {
            if (await(MongoConnection.first(partitions
                            .get(name)
                            .find(Filters.eq("_id", AuditDocuments.id(first)))
                            .projection(Projections.include("_id"))))
                    .isPresent()) {
                return name;
            }
        }
        String month = AuditPartitions.of(first.at());
        return before.map(Place::partition)
                .filter(last -> last.compareTo(month) > 0)
                .orElse(month);
    }

    private void insert(MongoCollection<Document> records, List<Document> batch) throws Exception {
        try {
            insertAll(records, batch);
        } catch (MongoBulkWriteException refused) {
            if (refused.getWriteErrors().stream().anyMatch(error -> error.getCode() != DUPLICATE_KEY)) {
                throw refused;
            }
            insertAll(records, missing(records, batch));
        }
    }

    private static void insertAll(MongoCollection<Document> records, List<Document> batch) throws Exception {
        if (!batch.isEmpty()) {
            await(MongoConnection.done(records.insertMany(batch, new InsertManyOptions().ordered(true))));
        }
    }

    private static List<Document> missing(MongoCollection<Document> records, List<Document> batch) throws Exception {
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
        place = Optional.empty();
        asked = true;
    }

    private static <T> T await(Future<T> answer) throws Exception {
        return answer.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
