package dev.tollgate.store.mongo;

import static dev.tollgate.store.mongo.MongoPayloads.await;

import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.payload.PayloadShelf.Resealed;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PieceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.types.Binary;

/** Whose pieces and nodes are, and with which key they are sealed. Documents of earlier versions do not say it. */
final class MongoMarks {
    static final String MARK = "k";
    private static final int MAX_MARKED = 50_000_000;
    private static final int MAX_UPDATES = 500;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private MongoMarks() {}

    static long of(Document found) {
        return found.get(MARK) instanceof Number mark ? mark.longValue() : 0;
    }

    static Set<PieceId> under(MongoCollection<Document> collection, Set<Long> marks) throws IOException {
        Set<PieceId> ids = new HashSet<>();
        for (Document found : await(MongoConnection.all(
                collection.find(Filters.in(MARK, marks)).projection(Projections.include("_id")), MAX_MARKED))) {
            ids.add(PieceId.parse(found.getString("_id")));
        }
        return ids;
    }

    static void replace(MongoCollection<Document> pieces, Resealed resealed) throws IOException {
        List<WriteModel<Document>> updates = new ArrayList<>();
        resealed.pieces()
                .forEach((id, bytes) -> updates.add(new UpdateOneModel<>(
                        Filters.eq("_id", id.toString()),
                        Updates.combine(Updates.set("b", new Binary(bytes)), Updates.set(MARK, resealed.mark())))));
        write(pieces, updates);
    }

    static void remark(MongoCollection<Document> nodes, Resealed resealed) throws IOException {
        List<WriteModel<Document>> updates = new ArrayList<>();
        for (PieceId id : resealed.nodes()) {
            updates.add(new UpdateOneModel<>(Filters.eq("_id", id.toString()), Updates.set(MARK, resealed.mark())));
        }
        write(nodes, updates);
    }

    static void replace(MongoCollection<Document> collection, List<Row> rows) throws IOException {
        List<WriteModel<Document>> updates = new ArrayList<>();
        for (Row row : rows) {
            updates.add(new UpdateOneModel<>(
                    Filters.eq("_id", PayloadDocuments.id(row.exchange(), row.part())),
                    Updates.set("b", new Binary(row.sealed()))));
        }
        write(collection, updates);
    }

    private static void write(MongoCollection<Document> collection, List<WriteModel<Document>> updates)
            throws IOException {
        for (int from = 0; from < updates.size(); from += MAX_UPDATES) {
            await(MongoConnection.done(collection.bulkWrite(
                    updates.subList(from, Math.min(updates.size(), from + MAX_UPDATES)), UNORDERED)));
        }
    }
}
