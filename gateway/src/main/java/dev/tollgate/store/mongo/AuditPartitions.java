package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.in;

import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.reactivestreams.client.MongoCollection;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.bson.Document;

/**
 * The collections that hold the records, one for each month: {@code audit_2026-11}. Of each node a whole number of segments of its journal is in
 * one, that of the month of the segment's first record, so that a log whose oldest partition is dropped begins where a segment did. Before all of them
 * comes {@value #FIRST}, into which older versions wrote. In the order of their names they hold each log in its order.
 */
final class AuditPartitions {
    /** The one of older versions. */
    static final String FIRST = "audit";

    private static final Pattern NAME = Pattern.compile("audit_\\d{4}-\\d{2}");
    private static final int MAX_COLLECTIONS = 200_000;

    private final MongoConnection connection;
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();

    AuditPartitions(MongoConnection connection) {
        this.connection = connection;
    }

    /** The partition of a month, in UTC. */
    static String of(Instant at) {
        return FIRST + "_" + YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    /** Those that there are, the oldest first. */
    Future<List<String>> names() {
        return connection
                .collectionNames(MAX_COLLECTIONS)
                .map(all -> all.stream()
                        .filter(name -> name.equals(FIRST) || NAME.matcher(name).matches())
                        .sorted()
                        .toList());
    }

    MongoCollection<Document> get(String name) {
        return connection.collection(name);
    }

    /** Makes the index of a partition, if it is not there. */
    Future<Void> prepare(String name) {
        if (prepared.contains(name)) {
            return Future.succeededFuture();
        }
        return MongoConnection.done(get(name)
                        .createIndex(
                                Indexes.compoundIndex(Indexes.ascending("node"), Indexes.descending("chain", "seq")),
                                new IndexOptions().unique(true)))
                .onSuccess(done -> prepared.add(name));
    }

    /** Forgets one that was dropped. */
    void dropped(String name) {
        prepared.remove(name);
    }

    /** The texts of the records that exchanges name, by id. */
    Future<Map<String, String>> texts(List<Document> exchanges) {
        Map<String, List<String>> ids = new TreeMap<>();
        for (Document exchange : exchanges) {
            add(ids, exchange, "received");
            add(ids, exchange, "ended");
        }
        List<Future<List<Document>>> found = new ArrayList<>();
        ids.forEach((name, some) -> found.add(MongoConnection.all(
                get(name).find(in("_id", some)).projection(Projections.include("json")), some.size())));
        return Future.all(found).map(all -> {
            Map<String, String> texts = new HashMap<>();
            for (List<Document> some : all.<List<Document>>list()) {
                some.forEach(text -> texts.put(text.getString("_id"), text.getString("json")));
            }
            return texts;
        });
    }

    private static void add(Map<String, List<String>> ids, Document exchange, String which) {
        String id = exchange.getString(which);
        if (id != null) {
            String partition = exchange.getString(which + AuditDocuments.IN);
            ids.computeIfAbsent(partition == null ? FIRST : partition, none -> new ArrayList<>())
                    .add(id);
        }
    }
}
