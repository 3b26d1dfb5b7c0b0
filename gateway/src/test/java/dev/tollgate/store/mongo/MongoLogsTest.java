package dev.tollgate.store.mongo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.Forgery;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.RecordReader;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Rewrite;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Trust.Sighting;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.Checkpoint.Seen;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.VerifierKey;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The logs of two nodes in MongoDB, whole and changed in every way. */
final class MongoLogsTest {
    private static final int MUTATIONS = 100;
    private static final int FORGERIES = 5;
    private static final String RECORDS = AuditPartitions.of(Records.NOON);

    @TempDir
    private Path folder;

    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final List<String> anchors = new ArrayList<>();
    private volatile Instant now = Records.NOON;
    private String node = "";
    private String other = "";
    private VerifierKey key;
    private List<Document> documents = List.of();

    @BeforeEach
    void ship() throws Exception {
        Path data = Files.createDirectory(folder.resolve("a"));
        for (int start = 0; start < 2; start++) {
            node = shipped(data, start, List::of);
        }
        key = AuditKeys.shown(data);
        MongoLogs logs = new MongoLogs(connection);
        String seen = node;
        other = shipped(Files.createDirectory(folder.resolve("b")), 0, () -> {
            try {
                return List.of(new Seen(
                        AuditKeys.origin(seen),
                        logs.checkpoints(seen, 1).getFirst().tree()));
            } catch (IOException away) {
                throw new AssertionError(away);
            }
        });
        documents = await(MongoConnection.all(
                connection.collection(RECORDS).find(new Document("node", node)).sort(Sorts.ascending("chain", "seq")),
                1000));
    }

    private String shipped(Path data, int start, Supplier<List<Seen>> others) throws Exception {
        String written;
        try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> now, counter -> true)) {
            journal.anchor(anchors::add);
            journal.see(others);
            for (int i = 0; i < 25; i++) {
                String exchange = "ex_" + start + "_" + i;
                await(journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5)));
                await(journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L)));
                now = now.plusSeconds(1);
            }
            written = journal.head().node();
        }
        now = now.plusSeconds(3600);
        ship(data, written);
        return written;
    }

    private void ship(Path data, String written) throws Exception {
        MongoAudit sink = new MongoAudit(connection, written);
        await(sink.prepare());
        Path journal = data.resolve(Journal.FOLDER);
        try (JournalTail tail = new JournalTail(journal, () -> Journal.headOf(journal), sink, Duration.ZERO)) {
            tail.catchUp();
        }
    }

    @AfterEach
    void close() {
        connection.close();
        mongo.close();
    }

    @Test
    void logs_ofSeveralNodes_areSound() throws Exception {
        MongoLogs logs = new MongoLogs(connection);

        assertThat(logs.nodes()).containsExactlyInAnyOrder(node, other);
        for (String each : logs.nodes()) {
            Verification found =
                    logs.verify(each, new Trust(List.of(), anchors, logs.sightings()), now, Duration.ZERO, read -> {});
            assertThat(found.firstBad()).isEmpty();
            assertThat(found.tree()).isPresent();
        }
        assertThat(verified(Trust.NONE).chains()).isEqualTo(2);
        assertThat(logs.sightings()).isNotEmpty().extracting(Sighting::origin).containsOnly(AuditKeys.origin(node));
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void forgery_withLinksAndHashesMadeRight_isNamed(Forgery forgery) throws Exception {
        Random random = Forgery.random();
        for (int i = 0; i < FORGERIES; i++) {
            Rewrite rewrite = Rewrite.of(folder.resolve("a"));
            int at = forgery.on(rewrite, random);
            removeAll();
            ship(rewrite.write(), node);

            Verification found = verified(new Trust(List.of(key), anchors, List.of()));

            assertThat(found.firstBad()).as("%s at record %d", forgery, at).isPresent();
        }
    }

    @Test
    void newestCheckpointDropped_isNamed_withoutAnyAnchor() throws Exception {
        delete(documents.getLast());

        Verification.Bad bad = verified(Trust.NONE).firstBad().orElseThrow();

        assertThat(bad.fault()).isEqualTo(Fault.TAIL_MISSING);
        assertThat(bad.message()).contains("its newest checkpoint or more was dropped");
    }

    @Test
    void newestCheckpointDropped_isContradictedByWhatAnotherNodeSaw_andByAnAnchor() throws Exception {
        delete(documents.getLast());

        for (Trust trust : List.of(
                new Trust(List.of(), List.of(), new MongoLogs(connection).sightings()),
                new Trust(List.of(), anchors, List.of()))) {
            assertThat(verified(trust).firstBad().orElseThrow().fault()).isEqualTo(Fault.ANCHOR);
        }
    }

    @Test
    void logOfAGatewayThatRuns_orIsStillBeingShipped_raisesNoAlarm() throws Exception {
        Instant ended = now.minusSeconds(3600);
        delete(documents.getLast());
        MongoLogs logs = new MongoLogs(connection);
        Trust anchored = new Trust(List.of(), anchors, List.of());

        Verification young = logs.verify(node, anchored, ended.minusSeconds(3600), Duration.ZERO, read -> {});

        assertThat(young.firstBad()).isEmpty();
        assertThat(young.notes()).anyMatch(note -> note.contains("it has not come to this copy yet"));
        boolean[] isThere = {false};
        Verification growing = logs.verify(node, anchored, now, Duration.ofSeconds(20), read -> {
            if (!isThere[0] && read == documents.size() - 1) {
                isThere[0] = true;
                Thread.ofPlatform().start(() -> insertLater(documents.getLast()));
            }
        });
        assertThat(growing.firstBad()).isEmpty();
        assertThat(growing.notes()).anyMatch(note -> note.contains("records are still coming"));
        assertThat(verified(anchored).firstBad()).isEmpty();
    }

    private void insertLater(Document document) {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
            insert(document);
        } catch (Exception failure) { // on a thread of its own: the test misses the record
            throw new AssertionError(failure);
        }
    }

    @Test
    void endOfAGatewayThatWasKilled_isVouchedForByANodeThatRunsOn() throws Exception {
        delete(documents.getLast());
        List<Sighting> later = new ArrayList<>();
        Verification.Seal seal = verified(Trust.NONE).seal();
        Document newest = documents.reversed().stream()
                .skip(1)
                .filter(document -> document.getString("type").equals("checkpoint"))
                .findFirst()
                .orElseThrow();
        Sealed sealed = (Sealed) RecordReader.read(newest.getString("json").getBytes(UTF_8));
        Checkpoint last = Checkpoint.parse(SignedNote.parse(sealed.note()).text());
        assertThat(last.tree().size()).isEqualTo(seal.covered());
        later.add(new Sighting(
                "node b", last.origin(), last.tree().size(), last.tree().root(), now));

        assertThat(verified(new Trust(List.of(), List.of(), later)).firstBad()).isEmpty();
    }

    @Test
    void documents_changedRemovedDoubledOrSwapped_areNamed() throws Exception {
        Random random = Forgery.random();
        Trust trust = new Trust(List.of(key), anchors, List.of());
        for (int i = 0; i < MUTATIONS; i++) {
            int at = random.nextInt(documents.size() - 1);
            String what = mutate(i % 10, at, random);

            assertThat(verified(trust).firstBad()).as("%s at %d", what, at).isPresent();

            restore();
            assertThat(verified(trust).firstBad()).isEmpty();
        }
    }

    private String mutate(int kind, int at, Random random) throws Exception {
        Document victim = documents.get(at);
        String json = victim.getString("json");
        int place = random.nextInt(json.length());
        return switch (kind) {
            case 0 -> {
                change(victim, "json", json.substring(0, place) + "~" + json.substring(place + 1));
                yield "a character";
            }
            case 1 -> {
                change(victim, "hash", "0".repeat(64));
                yield "the hash";
            }
            case 2 -> {
                delete(victim);
                yield "deleted";
            }
            case 3 -> {
                delete(victim);
                insert(new Document(documents.get(at + 1)).append("_id", "x").append("seq", victim.get("seq")));
                yield "another in its place";
            }
            case 4 -> {
                change(victim, "json", documents.get(at + 1).getString("json"));
                change(victim, "hash", documents.get(at + 1).getString("hash"));
                yield "the text of another";
            }
            case 5 -> {
                documents.subList(at, documents.size()).forEach(this::delete);
                yield "cut off";
            }
            case 6 -> {
                Document last = documents.getLast();
                insert(new Document(last).append("_id", "x").append("seq", last.getLong("seq") + 1 + at));
                yield "one more behind the last";
            }
            case 7 -> {
                Document next = documents.get(at + 1);
                for (String field : List.of("json", "hash")) {
                    change(victim, field, next.getString(field));
                    change(next, field, victim.getString(field));
                }
                yield "two swapped";
            }
            case 8 -> {
                documents.subList(at, documents.size()).stream()
                        .filter(document -> document.getString("type").equals("checkpoint"))
                        .forEach(this::delete);
                yield "checkpoints dropped";
            }
            case 9 -> {
                String chain = victim.getString("chain");
                documents.stream()
                        .filter(document -> document.getString("chain").equals(chain))
                        .forEach(this::delete);
                yield "a chain dropped";
            }
            default -> throw new IllegalArgumentException("no mutation " + kind);
        };
    }

    @Test
    void documentDoubled_isRefusedByTheDatabase_andNamedWhereItsIndexWasDropped() throws Exception {
        Document twin = new Document(documents.get(9)).append("_id", "x");

        assertThatThrownBy(() -> insert(twin)).hasMessageContaining("E11000");

        await(MongoConnection.done(connection.collection(RECORDS).drop()));
        await(MongoConnection.done(connection.collection(RECORDS).insertMany(documents)));
        insert(twin);

        assertThat(verified(Trust.NONE).firstBad()).isPresent();
    }

    @Test
    void logCutOff_isContradictedByWhatAnotherNodeSaw() throws Exception {
        documents.subList(documents.size() - 5, documents.size()).forEach(this::delete);

        assertThat(verified(Trust.NONE).firstBad().orElseThrow().fault()).isEqualTo(Fault.TAIL_MISSING);
        Verification.Bad bad = verified(new Trust(List.of(), List.of(), new MongoLogs(connection).sightings()))
                .firstBad()
                .orElseThrow();
        assertThat(bad.fault()).isEqualTo(Fault.ANCHOR);
        assertThat(bad.message()).contains("node " + other);
    }

    private Verification verified(Trust trust) throws Exception {
        return new MongoLogs(connection).verify(node, trust, now, Duration.ZERO, read -> {});
    }

    private void removeAll() throws Exception {
        await(MongoConnection.done(connection.collection(RECORDS).deleteMany(new Document("node", node))));
    }

    private void restore() throws Exception {
        removeAll();
        await(MongoConnection.done(connection.collection(RECORDS).insertMany(documents)));
    }

    private void change(Document document, String field, String value) throws Exception {
        await(MongoConnection.done(connection
                .collection(RECORDS)
                .updateOne(new Document("_id", document.get("_id")), Updates.set(field, value))));
    }

    private void insert(Document document) throws Exception {
        await(MongoConnection.done(connection.collection(RECORDS).insertOne(document)));
    }

    private void delete(Document document) {
        try {
            await(MongoConnection.done(
                    connection.collection(RECORDS).deleteOne(new Document("_id", document.get("_id")))));
        } catch (Exception failure) { // a consumer may throw none
            throw new AssertionError(failure);
        }
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
