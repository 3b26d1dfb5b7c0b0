package dev.tollgate.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalRetention;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.seal.VerifierKey;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import dev.tollgate.policy.ByteSize;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose records of October and November are in MongoDB, a month in each partition, and are dropped when both have dropped them. */
final class MongoRetentionTest {
    private static final AuditPolicy SMALL = new AuditPolicy(Durability.FAST, new ByteSize(16_000), null, null, null);
    private static final Duration KEEP = Duration.ofDays(18);
    private static final String OCTOBER = "audit_2026-10";
    private static final String NOVEMBER = "audit_2026-11";

    @TempDir
    private Path folder;

    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoLogs logs = new MongoLogs(connection);
    private final List<String> anchors = new ArrayList<>();
    private volatile Instant now = Instant.parse("2026-10-30T12:00:00Z");
    private Node one;
    private Node two;

    /** One gateway with its journal. */
    private final class Node {
        private final String name;
        private final Path data;
        private Journal journal;
        private MongoAudit sink;
        private JournalRetention retention;

        Node(String name) throws Exception {
            this.name = name;
            this.data = Files.createDirectory(folder.resolve(name));
            start();
        }

        /** Begins with a segment of its own. */
        void start() throws Exception {
            journal = Journal.open(data, SMALL, () -> now, counter -> true);
            journal.anchor(anchors::add);
            sink = new MongoAudit(connection, id());
            await(sink.prepare());
            retention = new JournalRetention(journal, KEEP, () -> now, List.of(sink::upTo), segment -> {});
        }

        String id() {
            return journal.head().node();
        }

        VerifierKey key() throws IOException {
            return AuditKeys.shown(data);
        }

        void calls(String month, int more) throws Exception {
            for (int i = 0; i < more; i++) {
                String exchange = "ex_" + name + "_" + month + i;
                await(journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5)));
                await(journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L)));
                now = now.plusMillis(100);
            }
            ship();
        }

        void ship() throws Exception {
            try (JournalTail tail =
                    new JournalTail(journal.folder(), () -> Optional.of(journal.head()), sink, Duration.ofMillis(5))) {
                tail.catchUp();
            }
        }

        /** Says what is old, lets a checkpoint cover that, and drops it here; from MongoDB if nobody else needs it. */
        void drop() throws Exception {
            JournalFolder.look(retention);
            now = now.plusSeconds(11);
            calls("late" + now.getEpochSecond(), 1);
            for (int i = 0; i < 500 && isHere(1); i++) {
                JournalFolder.look(retention);
                TimeUnit.MILLISECONDS.sleep(10);
            }
            ship();
            new MongoRetention(connection).look();
        }

        private boolean isHere(int segment) {
            return Files.exists(journal.folder().resolve("%010d.journal".formatted(segment)));
        }

        void stop() throws Exception {
            journal.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        one = new Node("one");
        two = new Node("two");
        one.calls("october", 60);
        two.calls("october", 60);
        now = Instant.parse("2026-11-02T12:00:00Z");
        for (Node node : List.of(one, two)) {
            node.stop();
            node.start();
            node.calls("november", 20);
        }
        now = Instant.parse("2026-11-21T12:00:00Z");
        for (Node node : List.of(one, two)) {
            node.stop();
            node.start();
        }
    }

    @AfterEach
    void close() throws Exception {
        one.stop();
        two.stop();
        connection.close();
        mongo.close();
    }

    private List<String> partitions() throws Exception {
        return await(new AuditPartitions(connection).names());
    }

    private Verification verified(Node node) throws Exception {
        return logs.verify(
                node.id(),
                new Trust(List.of(node.key()), anchors, logs.sightings()),
                Records.NOON,
                Duration.ZERO,
                read -> {});
    }

    private void assertSound() throws Exception {
        for (Node node : List.of(one, two)) {
            // A checkpoint may follow at any time.
            Head before = node.journal.head();
            node.ship();
            Verification found = verified(node);
            assertThat(found.firstBad()).as(node.name).isEmpty();
            assertThat(found.last().orElseThrow().sequence()).isGreaterThanOrEqualTo(before.sequence());
        }
    }

    /** The checkpoint over the newest record may still be on its way. */
    private void awaitOnePartition() throws Exception {
        for (int i = 0; i < 500 && partitions().size() > 1; i++) {
            one.ship();
            two.ship();
            new MongoRetention(connection).look();
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private boolean isKnown(String exchange) throws Exception {
        return await(new MongoAuditIndex(connection).find(exchange)).isPresent();
    }

    @Test
    void months_areInCollectionsOfTheirOwn_andOneLog() throws Exception {
        assertThat(partitions()).containsExactly(OCTOBER, NOVEMBER);
        assertSound();
        assertThat(isKnown("ex_one_october0") && isKnown("ex_two_november0")).isTrue();
    }

    @Test
    void month_thatOneNodeStillNeeds_stays_andGoesWithTheLast() throws Exception {
        one.drop();

        assertThat(partitions()).containsExactly(OCTOBER, NOVEMBER);
        assertSound();

        two.drop();

        awaitOnePartition();
        assertThat(partitions()).containsExactly(NOVEMBER);
        assertSound();
        assertThat(verified(one).notes()).anyMatch(note -> note.contains("dropped by the log's own policy"));
        assertThat(isKnown("ex_one_october0") || isKnown("ex_two_october59")).isFalse();
        assertThat(isKnown("ex_one_november0") && isKnown("ex_two_november19")).isTrue();
        one.stop();
        one.start();
        one.calls("december", 3);
        assertSound();
    }

    @Test
    void whatIsLeft_isUnsound_withoutTheRecordThatSaysSo_orWithMoreMissing() throws Exception {
        one.drop();
        two.drop();
        awaitOnePartition();
        Document first = await(MongoConnection.first(connection
                        .collection(NOVEMBER)
                        .find(new Document("node", one.id()))
                        .sort(new Document("chain", 1).append("seq", 1))))
                .orElseThrow();

        await(MongoConnection.done(
                connection.collection(MongoTombstones.COLLECTION).drop()));
        assertThat(verified(one).firstBad())
                .as("found without being told where")
                .isEmpty();
        await(MongoConnection.done(connection.collection(NOVEMBER).deleteOne(new Document("_id", first.get("_id")))));
        assertThat(verified(one).firstBad()).isPresent();
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
