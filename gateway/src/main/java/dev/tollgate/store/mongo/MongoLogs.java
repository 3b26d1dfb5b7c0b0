package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static dev.tollgate.store.mongo.MongoPages.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Sealed;
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
import dev.tollgate.value.ExchangeId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Reads the logs of all nodes back from MongoDB, in pages, on the calling thread. */
public final class MongoLogs {
    private static final Bson EVERYTHING = new Document();
    private static final int MAX_NODES = 10_000;
    /** Newest checkpoints of each node whose sightings of others are looked at. */
    private static final int MAX_CHECKPOINTS = 500;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final AuditPartitions partitions;
    private final MongoPages pages;
    private final MongoTombstones tombstones;
    private final MongoCollection<Document> exchanges;

    public MongoLogs(MongoConnection connection) {
        this.partitions = new AuditPartitions(connection);
        this.pages = new MongoPages(partitions);
        this.tombstones = new MongoTombstones(connection);
        this.exchanges = connection.collection(AuditDocuments.EXCHANGES);
    }

    /** The nodes that have shipped something. */
    public List<String> nodes() throws IOException {
        Set<String> nodes = new TreeSet<>();
        for (String name : await(partitions.names())) {
            nodes.addAll(nodes(name));
        }
        return List.copyOf(nodes);
    }

    /** The nodes that have shipped something, first the one that had a call, as far as may be known: {@code exchanges} need not be readable. */
    public List<String> nodes(ExchangeId call) throws IOException {
        List<String> nodes = new ArrayList<>(nodes());
        Optional<Document> found = await(
                MongoConnection.first(exchanges.find(eq("_id", call.value())).limit(1))
                        .otherwise(Optional.empty()));
        String received = found.map(exchange -> exchange.getString("received")).orElse("");
        nodes.sort(Comparator.comparing((String node) -> !received.startsWith(node + ".")));
        return nodes;
    }

    /** The nodes with records in a partition. */
    List<String> nodes(String partition) throws IOException {
        return await(MongoConnection.all(partitions.get(partition).distinct("node", String.class), MAX_NODES));
    }

    /** How many records there are. */
    public long count() throws IOException {
        long count = 0;
        for (String name : await(partitions.names())) {
            count += await(MongoConnection.first(partitions.get(name).countDocuments()))
                    .orElse(0L);
        }
        return count;
    }

    /** The records of one node in their order. */
    public LogSource of(String node) {
        return reader -> {
            for (String name : await(partitions.names())) {
                if (!pages.each(name, node, EVERYTHING, reader)) {
                    return;
                }
            }
        };
    }

    /**
     * Verifies the log of one node.
     *
     * @param now when that is
     * @param patience how long is waited for more records where the log ends too soon; a gateway that runs writes one every 10 seconds
     * @param progress told the number of records read, after each
     */
    public Verification verify(String node, Trust trust, Instant now, Duration patience, LongConsumer progress)
            throws IOException {
        LogCheck log = new LogCheck(trust, tombstones.dropped(node));
        long[] read = {0};
        try {
            of(node).each(entry -> {
                progress.accept(++read[0]);
                return log.take(entry).isEmpty();
            });
        } catch (MongoPages.Unfit unfit) {
            log.fail(new Bad(Fault.UNREADABLE, Position.START, unfit.id(), -1, String.valueOf(unfit.getMessage())));
        }
        return log.endOfCopy(now, () -> isGrowing(node, read[0], patience));
    }

    /** Whether more records have come than were read, or do so within this time. */
    private boolean isGrowing(String node, long read, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (count(node) <= read) {
                if (System.nanoTime() - until >= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
            }
            return true;
        } catch (IOException away) {
            // What cannot be looked at again counts as it was read.
            return false;
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long count(String node) throws IOException {
        long count = 0;
        for (String name : await(partitions.names())) {
            count += await(MongoConnection.first(partitions.get(name).countDocuments(eq("node", node))))
                    .orElse(0L);
        }
        return count;
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
                            seen.tree().root(),
                            checkpoint.at()));
                }
            }
        }
        return sightings;
    }

    /** The newest checkpoints of a node that can be read, newest first. */
    List<Checkpoint> checkpoints(String node, int max) throws IOException {
        List<Document> found = new ArrayList<>();
        for (String name : await(partitions.names()).reversed()) {
            int most = max - found.size();
            if (most > 0) {
                found.addAll(await(MongoConnection.all(
                        partitions
                                .get(name)
                                .find(and(eq("node", node), eq("type", "checkpoint")))
                                .sort(Sorts.descending("chain", "seq"))
                                .projection(Projections.include("json"))
                                .limit(most),
                        most)));
            }
        }
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
}
