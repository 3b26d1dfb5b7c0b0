package dev.tollgate.store.mongo;

import static dev.tollgate.store.mongo.MongoPayloads.await;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadShelf.Additions;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Marked;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Place;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Resealed;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.PieceId;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** The payloads of one day in three collections. What is there already is passed over when it is put in again. */
final class MongoDrawer implements Drawer {
    private static final int DUPLICATE_KEY = 11_000;
    private static final int MAX_IDS = 500;
    /** Word of erasures outlives the days. */
    private static final String ERASED = "payload_erasures";

    private final MongoCollection<Document> rows;
    private final MongoCollection<Document> nodes;
    private final MongoCollection<Document> pieces;
    private final MongoCollection<Document> erasures;

    private final @Nullable DayLease lease;

    /** @param lease of the day; null for reading only */
    MongoDrawer(MongoConnection connection, LocalDate day, @Nullable DayLease lease) {
        this.lease = lease;
        this.rows = connection.collection(MongoPayloads.ROWS + day);
        this.nodes = connection.collection(MongoPayloads.NODES + day);
        this.pieces = connection.collection(MongoPayloads.PIECES + day);
        this.erasures = connection.collection(ERASED);
    }

    private void keepLease() throws IOException {
        if (lease != null) {
            lease.keep();
        }
    }

    @Override
    public Set<PieceId> nodes(Collection<PieceId> ids) throws IOException {
        return there(nodes, ids);
    }

    @Override
    public Set<PieceId> pieces(Collection<PieceId> ids) throws IOException {
        return there(pieces, ids);
    }

    private static Set<PieceId> there(MongoCollection<Document> collection, Collection<PieceId> ids)
            throws IOException {
        Set<PieceId> there = new HashSet<>();
        for (List<String> some : portions(ids)) {
            await(MongoConnection.all(
                            collection.find(Filters.in("_id", some)).projection(Projections.include("_id")),
                            some.size()))
                    .forEach(found -> there.add(PieceId.parse(found.getString("_id"))));
        }
        return there;
    }

    private static List<List<String>> portions(Collection<PieceId> ids) {
        List<String> all = ids.stream().map(PieceId::toString).toList();
        List<List<String>> portions = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_IDS) {
            portions.add(all.subList(from, Math.min(all.size(), from + MAX_IDS)));
        }
        return portions;
    }

    @Override
    public void put(Additions additions) throws IOException {
        keepLease();
        List<Document> added = new ArrayList<>();
        additions
                .pieces()
                .forEach((id, piece) -> added.add(new Document("_id", id.toString())
                        .append("b", new Binary(piece.sealed()))
                        .append(MongoMarks.MARK, piece.mark())));
        insert(pieces, added);
        insert(
                nodes,
                additions.nodes().stream()
                        .map(node -> new Document("_id", node.id().toString())
                                .append("p", node.parent().toString())
                                .append("c", node.piece().toString())
                                .append(MongoMarks.MARK, node.mark()))
                        .toList());
        insert(rows, additions.rows().stream().map(PayloadDocuments::document).toList());
    }

    private static void insert(MongoCollection<Document> collection, List<Document> documents) throws IOException {
        if (documents.isEmpty()) {
            return;
        }
        try {
            await(MongoConnection.done(collection.insertMany(documents, new InsertManyOptions().ordered(false))));
        } catch (IOException refused) {
            boolean isThere = refused.getCause() instanceof MongoBulkWriteException bulk
                    && bulk.getWriteErrors().stream().allMatch(error -> error.getCode() == DUPLICATE_KEY);
            if (!isThere) {
                throw refused;
            }
        }
    }

    @Override
    public Optional<Node> node(PieceId id) throws IOException {
        keepLease();
        return await(MongoConnection.first(
                        nodes.find(Filters.eq("_id", id.toString())).limit(1)))
                .map(found -> new Node(
                        id,
                        PieceId.parse(found.getString("p")),
                        PieceId.parse(found.getString("c")),
                        MongoMarks.of(found)));
    }

    @Override
    public Map<PieceId, byte[]> sealed(Collection<PieceId> ids) throws IOException {
        keepLease();
        Map<PieceId, byte[]> sealed = new HashMap<>();
        for (List<String> some : portions(ids)) {
            await(MongoConnection.all(pieces.find(Filters.in("_id", some)), some.size()))
                    .forEach(found -> sealed.put(
                            PieceId.parse(found.getString("_id")),
                            found.get("b", Binary.class).getData()));
        }
        return sealed;
    }

    @Override
    public Optional<Row> row(long nanos, String exchange, Part part) throws IOException {
        return await(MongoConnection.first(rows.find(Filters.and(
                                Filters.eq("_id", PayloadDocuments.id(exchange, part)), Filters.eq("nanos", nanos)))
                        .limit(1)))
                .map(PayloadDocuments::row);
    }

    @Override
    public List<Row> rows(Subject subject, Place behind, int limit) throws IOException {
        keepLease();
        Bson after = behind.equals(Place.START)
                ? new Document()
                : Filters.or(
                        Filters.gt("nanos", behind.nanos()),
                        Filters.and(
                                Filters.eq("nanos", behind.nanos()),
                                Filters.or(
                                        Filters.gt("exchange", behind.exchange()),
                                        Filters.and(
                                                Filters.eq("exchange", behind.exchange()),
                                                Filters.gt("part", behind.part().code())))));
        Bson wanted = subject.kind() == Subject.Kind.ALL
                ? after
                : Filters.and(Filters.eq(PayloadDocuments.field(subject.kind()), subject.name()), after);
        return await(MongoConnection.all(
                        rows.find(wanted)
                                .sort(Sorts.ascending("nanos", "exchange", "part"))
                                .limit(limit),
                        limit))
                .stream()
                .map(PayloadDocuments::row)
                .toList();
    }

    @Override
    public long count(long nanos) throws IOException {
        return await(MongoConnection.first(rows.countDocuments(Filters.lt("nanos", nanos))))
                .orElse(0L);
    }

    @Override
    public Optional<Erased> erased(String exchange) throws IOException {
        return await(MongoConnection.first(
                        erasures.find(Filters.eq("_id", exchange)).limit(1)))
                .map(PayloadDocuments::word);
    }

    @Override
    public void bar(Erased word) throws IOException {
        keepLease();
        // Removed and put in again: whoever erases may remove, and nobody may change.
        await(MongoConnection.done(erasures.deleteMany(Filters.eq("_id", word.exchange()))));
        insert(erasures, List.of(PayloadDocuments.document(word)));
    }

    @Override
    public Map<String, Erased> barred(Collection<String> subjects) throws IOException {
        Map<String, Erased> barred = new HashMap<>();
        List<String> all = List.copyOf(subjects);
        for (int from = 0; from < all.size(); from += MAX_IDS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + MAX_IDS));
            await(MongoConnection.all(erasures.find(Filters.in("_id", some)), some.size()))
                    .forEach(found -> barred.put(found.getString("_id"), PayloadDocuments.word(found)));
        }
        return barred;
    }

    @Override
    public Marked marked(Set<Long> marks) throws IOException {
        keepLease();
        return new Marked(MongoMarks.under(pieces, marks), MongoMarks.under(nodes, marks));
    }

    @Override
    public void reseal(Resealed resealed) throws IOException {
        keepLease();
        MongoMarks.replace(pieces, resealed);
        MongoMarks.remark(nodes, resealed);
        MongoMarks.replace(rows, resealed.rows());
    }

    @Override
    public void remove(Removal removal) throws IOException {
        keepLease();
        // Rows last: cut short before, the same erasure again finds them, and takes away what is left.
        insert(
                erasures,
                removal.erased().stream().map(PayloadDocuments::document).toList());
        delete(nodes, portions(removal.nodes()));
        delete(pieces, portions(removal.pieces()));
        List<String> gone = removal.rows().stream()
                .map(row -> PayloadDocuments.id(row.exchange(), row.part()))
                .toList();
        for (int from = 0; from < gone.size(); from += MAX_IDS) {
            delete(rows, List.of(gone.subList(from, Math.min(gone.size(), from + MAX_IDS))));
        }
    }

    private void delete(MongoCollection<Document> collection, List<List<String>> portions) throws IOException {
        for (List<String> some : portions) {
            keepLease();
            await(MongoConnection.done(collection.deleteMany(Filters.in("_id", some))));
        }
    }
}
