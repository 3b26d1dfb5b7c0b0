package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.or;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.model.Sorts;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Position;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Reads records back from {@link AuditPartitions}, in pages, on the calling thread. */
final class MongoPages {
    private static final int PAGE = 1000;
    private static final long TIMEOUT_SECONDS = 60;

    private final AuditPartitions partitions;

    MongoPages(AuditPartitions partitions) {
        this.partitions = partitions;
    }

    /** A document that is not one that a gateway wrote. */
    static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;
        private final String id;

        private Unfit(String id, String message) {
            super(message);
            this.id = id;
        }

        String id() {
            return id;
        }
    }

    /** Hands over the records of a node in a partition that are so; whether more are wanted. */
    boolean each(String partition, String node, Bson wanted, LogSource.Reader reader) throws IOException {
        String chain = "";
        long sequence = -1;
        while (true) {
            List<Document> page = page(partition, and(behind(node, chain, sequence), wanted), PAGE);
            for (Document document : page) {
                if (!reader.take(entry(document))) {
                    return false;
                }
            }
            if (page.size() < PAGE) {
                return true;
            }
            chain = page.getLast().getString("chain");
            sequence = AuditDocuments.number(page.getLast(), "seq");
        }
    }

    private static Bson behind(String node, String chain, long sequence) {
        return and(eq("node", node), or(gt("chain", chain), and(eq("chain", chain), gt("seq", sequence))));
    }

    private List<Document> page(String partition, Bson wanted, int most) throws IOException {
        return await(MongoConnection.all(
                partitions
                        .get(partition)
                        .find(wanted)
                        .sort(Sorts.ascending("chain", "seq"))
                        .limit(most),
                most));
    }

    /** The first record of a partition that is so. */
    Optional<JournalEntry> first(String partition, Bson wanted) throws IOException {
        List<Document> first = page(partition, wanted, 1);
        return first.isEmpty() ? Optional.empty() : Optional.of(entry(first.getFirst()));
    }

    /** The first record of a node, behind another one, that is so. */
    Optional<JournalEntry> firstBehind(String partition, String node, JournalEntry entry, Bson wanted)
            throws IOException {
        return first(partition, and(behind(node, entry.chain(), entry.sequence()), wanted));
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

    static <T> T await(Future<T> answer) throws IOException {
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
