package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.or;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogCheck;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.RecordReader;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Trust.Sighting;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.SignedNote;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Reads the logs of all nodes back from MongoDB, in pages, on the calling thread. */
public final class MongoLogs {
    private static final int PAGE = 1000;
    private static final int MAX_NODES = 10_000;
    /** Newest checkpoints of each node whose sightings of others are looked at. */
    private static final int MAX_CHECKPOINTS = 500;

    private static final long TIMEOUT_SECONDS = 60;

    private final MongoCollection<Document> records;

    public MongoLogs(MongoConnection connection) {
        this.records = connection.collection(AuditDocuments.RECORDS);
    }

    /** The nodes that have shipped something. */
    public List<String> nodes() throws IOException {
        return await(MongoConnection.all(records.distinct("node", String.class), MAX_NODES)).stream()
                .sorted()
                .toList();
    }

    /** How many records there are. */
    public long count() throws IOException {
        return await(MongoConnection.first(records.countDocuments())).orElse(0L);
    }

    /** The records of one node in their order. */
    public LogSource of(String node) {
        return reader -> {
            String chain = "";
            long sequence = -1;
            while (true) {
                List<Document> page = page(node, chain, sequence);
                for (Document document : page) {
                    if (!reader.take(entry(document))) {
                        return;
                    }
                }
                if (page.size() < PAGE) {
                    return;
                }
                chain = page.getLast().getString("chain");
                sequence = AuditDocuments.number(page.getLast(), "seq");
            }
        };
    }

    private List<Document> page(String node, String chain, long sequence) throws IOException {
        Bson behind = and(eq("node", node), or(gt("chain", chain), and(eq("chain", chain), gt("seq", sequence))));
        return await(MongoConnection.all(
                records.find(behind).sort(Sorts.ascending("chain", "seq")).limit(PAGE), PAGE));
    }

    private static JournalEntry entry(Document document) throws IOException {
        String id = document.getString("_id");
        try {
            JournalEntry entry = JournalEntry.endingAt(
                    new Position(AuditDocuments.number(document, "segment"), AuditDocuments.number(document, "end")),
                    document.getString("hash"),
                    document.getString("json").getBytes(UTF_8));
            if (!AuditDocuments.id(entry).equals(id)
                    || !entry.chain().equals(document.getString("chain"))
                    || entry.sequence() != AuditDocuments.number(document, "seq")
                    || !entry.type().equals(document.getString("type"))) {
                throw new Unfit(id, "document " + id + " says another chain, number or type than the record in it");
            }
            return entry;
        } catch (IllegalArgumentException | NullPointerException malformed) {
            throw new Unfit(id, "document " + id + " holds no record: " + malformed.getMessage());
        }
    }

    /** A document that is not one that a gateway wrote. */
    private static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;
        private final String id;

        Unfit(String id, String message) {
            super(message);
            this.id = id;
        }
    }

    /**
     * Verifies the log of one node.
     *
     * @param progress told the number of records read, after each
     */
    public Verification verify(String node, Trust trust, LongConsumer progress) throws IOException {
        LogCheck log = new LogCheck(trust);
        long[] read = {0};
        try {
            of(node).each(entry -> {
                progress.accept(++read[0]);
                return log.take(entry).isEmpty();
            });
        } catch (Unfit unfit) {
            log.fail(new Bad(Fault.UNREADABLE, Position.START, unfit.id, -1, String.valueOf(unfit.getMessage())));
        }
        return log.end(0);
    }

    /** What the newest checkpoints of all nodes say of each other's logs. */
    public List<Sighting> sightings() throws IOException {
        List<Sighting> sightings = new ArrayList<>();
        for (String node : nodes()) {
            for (Checkpoint checkpoint : checkpoints(node, MAX_CHECKPOINTS)) {
                for (Checkpoint.Seen seen : checkpoint.seen()) {
                    sightings.add(new Sighting(
                            "node " + node + " at " + checkpoint.at(),
                            seen.origin(),
                            seen.tree().size(),
                            seen.tree().root()));
                }
            }
        }
        return sightings;
    }

    /** The newest checkpoints of a node that can be read, newest first. */
    List<Checkpoint> checkpoints(String node, int max) throws IOException {
        List<Document> found = await(MongoConnection.all(
                records.find(and(eq("node", node), eq("type", "checkpoint")))
                        .sort(Sorts.descending("chain", "seq"))
                        .projection(Projections.include("json"))
                        .limit(max),
                max));
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Document document : found) {
            try {
                if (RecordReader.read(document.getString("json").getBytes(UTF_8)) instanceof Sealed sealed) {
                    Checkpoint checkpoint =
                            Checkpoint.parse(SignedNote.parse(sealed.note()).text());
                    if (checkpoint.origin().equals(AuditKeys.origin(node))) {
                        checkpoints.add(checkpoint);
                    }
                }
            } catch (IllegalArgumentException | IOException forged) {
                // The verification of that log names it.
            }
        }
        return checkpoints;
    }

    private static <T> T await(Future<T> answer) throws IOException {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException("MongoDB does not answer: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
