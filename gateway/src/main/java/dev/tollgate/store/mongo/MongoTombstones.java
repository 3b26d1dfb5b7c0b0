package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static dev.tollgate.store.mongo.MongoPages.await;

import com.mongodb.MongoWriteException;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.Tombstone;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records that say what a log's own policy dropped. {@value #COLLECTION} says where they are, so that they are found among millions; it is
 * not believed, for the record says so itself, and where it says nothing they are looked for.
 */
final class MongoTombstones {
    static final String COLLECTION = "audit_cuts";

    private static final int DUPLICATE_KEY = 11_000;
    private static final Bson ADMINISTRATIVE = eq("type", "administrative");
    private static final Bson CHECKPOINT = eq("type", "checkpoint");

    private final MongoCollection<Document> cuts;
    private final AuditPartitions partitions;
    private final MongoPages pages;

    MongoTombstones(MongoConnection connection) {
        this.cuts = connection.collection(COLLECTION);
        this.partitions = new AuditPartitions(connection);
        this.pages = new MongoPages(partitions);
    }

    /**
     * Notes where a tombstone is.
     *
     * @param id of its record
     */
    Future<Void> note(String node, String id, String partition, Tombstone said) {
        Document cut = new Document("_id", id)
                .append("node", node)
                .append("last", said.last().hash())
                .append("in", partition);
        return MongoConnection.done(cuts.insertOne(cut))
                .recover(refused -> refused instanceof MongoWriteException write
                                && write.getError().getCode() == DUPLICATE_KEY
                        ? Future.succeededFuture()
                        : Future.failedFuture(refused));
    }

    /** The first record of a node in some partitions. */
    Optional<JournalEntry> first(String node, List<String> in) throws IOException {
        for (String name : in) {
            Optional<JournalEntry> first = pages.first(name, eq("node", node));
            if (first.isPresent()) {
                return first;
            }
        }
        return Optional.empty();
    }

    /** Whether a record of the node's log, under a checkpoint, says that its policy dropped everything before this one. */
    boolean isCutBefore(String node, JournalEntry first) throws IOException {
        Optional<JournalEntry> said = noted(node, first);
        if (said.isEmpty()) {
            return false;
        }
        for (String name : await(partitions.names())) {
            if (pages.firstBehind(name, node, said.get(), CHECKPOINT).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** What the log of a node says of what came before the first record that is left; null where nothing was dropped, or nothing says so. */
    @Nullable
    Tombstone dropped(String node) throws IOException {
        try {
            return said(node).flatMap(Tombstone::in).orElse(null);
        } catch (MongoPages.Unfit unfit) {
            // Whoever reads on from the first record names it.
            return null;
        }
    }

    private Optional<JournalEntry> said(String node) throws IOException {
        Optional<JournalEntry> first = first(node, await(partitions.names()));
        if (first.isEmpty() || first.get().isFirst()) {
            return Optional.empty();
        }
        Optional<JournalEntry> noted = noted(node, first.get());
        return noted.isPresent() ? noted : found(node, first.get());
    }

    private Optional<JournalEntry> noted(String node, JournalEntry first) throws IOException {
        Optional<Document> cut = await(MongoConnection.first(
                cuts.find(and(eq("node", node), eq("last", first.previous()))).limit(1)));
        return cut.isEmpty()
                ? Optional.empty()
                : pages.first(cut.get().getString("in"), eq("_id", cut.get().getString("_id")))
                        .filter(said -> isBefore(said, first));
    }

    private Optional<JournalEntry> found(String node, JournalEntry first) throws IOException {
        List<JournalEntry> found = new ArrayList<>();
        for (String name : await(partitions.names())) {
            boolean more = pages.each(name, node, ADMINISTRATIVE, entry -> {
                if (isBefore(entry, first)) {
                    found.add(entry);
                }
                return found.isEmpty();
            });
            if (!more) {
                break;
            }
        }
        return found.stream().findFirst();
    }

    private static boolean isBefore(JournalEntry said, JournalEntry first) {
        return Tombstone.in(said).filter(tombstone -> tombstone.isBefore(first)).isPresent();
    }
}
