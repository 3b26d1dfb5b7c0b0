package dev.tollgate.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalReader;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Trust;
import dev.tollgate.store.TcpGate;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MongoAuditTest {
    private static final String RECORDS = AuditPartitions.of(Records.NOON);

    @TempDir
    private Path data;

    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private Journal journal;

    @BeforeEach
    void openJournal() throws Exception {
        journal = JournalFolder.open(data, JournalFolder.FAST);
        await(sink().prepare());
    }

    @AfterEach
    void closeAll() throws Exception {
        journal.close();
        connection.close();
        mongo.close();
    }

    @Test
    void journal_shipped_isThereRecordByRecord_byteForByte() throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"), Records.administrative("policy_loaded"));

        ship(sink());

        assertThat(shipped()).isEqualTo(journaled());
    }

    @Test
    void shipping_begunAgain_goesOnWithoutGapOrDouble() throws Exception {
        append(Records.received("ex_1"));
        ship(sink());
        append(Records.ended("ex_1"));
        journal.close();
        journal = JournalFolder.open(data, JournalFolder.FAST);
        append(Records.received("ex_2"));

        MongoAudit again = sink();
        Optional<Head> before = again.upTo();
        ship(again);

        assertThat(before.orElseThrow().sequence()).isEqualTo(2);
        assertThat(shipped()).isEqualTo(journaled());
        assertThat(sink().upTo()).contains(journal.head());
    }

    @Test
    void records_thatAreThereAlready_arePassedOver() throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"));
        ship(sink());
        append(Records.received("ex_2"));
        MongoAudit fromTheStart = sink();
        fromTheStart.restart();

        ship(fromTheStart);

        assertThat(shipped()).isEqualTo(journaled());
    }

    @Test
    void recordInMongoDb_thatWasChanged_stopsShippingAndIsNamed() throws Exception {
        append(Records.received("ex_1"));
        ship(sink());
        String id = journal.head().chain() + "/1";
        await(MongoConnection.done(connection
                .collection(RECORDS)
                .updateOne(new Document("_id", id), Updates.set("hash", "0".repeat(64)))));
        MongoAudit fromTheStart = sink();
        fromTheStart.restart();

        assertThatThrownBy(() -> ship(fromTheStart))
                .isInstanceOf(IOException.class)
                .hasMessage("record " + id + " in MongoDB is not the one in the journal");
    }

    @Test
    void mongoAwayAndBack_shippingGoesOnByItself() throws Exception {
        try (TcpGate gate = new TcpGate(mongo.uri());
                MongoConnection through = MongoConnection.open(gate.uri(), mongo.database(), Duration.ofMillis(300))) {
            MongoAudit sink = new MongoAudit(through, journal.head().node());
            try (JournalTail tail = tail(sink)) {
                tail.start("shipping");
                append(Records.received("ex_1"));
                eventuallyShipped();
                gate.shut();
                append(Records.ended("ex_1"), Records.received("ex_2"));
                assertThatThrownBy(() -> await(through.ping())).isNotNull();
                gate.open();
                append(Records.ended("ex_2"));
                eventuallyShipped();
            }
        }

        assertThat(shipped()).isEqualTo(journaled());
    }

    @Test
    void recordsOfAnOlderVersion_stayWhereTheyAre_andNewSegmentsGoIntoTheirMonth() throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"), Records.received("ex_2"));
        ship(sink());
        List<Document> old =
                await(MongoConnection.all(connection.collection(RECORDS).find(), 100));
        await(MongoConnection.done(connection.collection(AuditPartitions.FIRST).insertMany(old)));
        await(MongoConnection.done(connection.collection(RECORDS).drop()));
        await(MongoConnection.done(connection
                .collection(AuditDocuments.EXCHANGES)
                .updateMany(new Document(), Updates.combine(Updates.unset("receivedIn"), Updates.unset("endedIn")))));

        append(Records.ended("ex_2"));
        ship(sink());
        journal.close();
        journal = JournalFolder.open(data, JournalFolder.FAST);
        append(Records.received("ex_3"), Records.ended("ex_3"));
        ship(sink());
        MongoAudit fromTheStart = sink();
        fromTheStart.restart();
        ship(fromTheStart);

        List<String> all = new ArrayList<>();
        MongoLogs logs = new MongoLogs(connection);
        logs.of(journal.head().node()).each(entry -> all.add(new String(entry.json(), StandardCharsets.UTF_8)));
        assertThat(all).isEqualTo(journaled());
        assertThat(shipped()).as("of the second start").hasSizeBetween(3, all.size() - 4);
        assertThat(logs.count()).isEqualTo(all.size());
        assertThat(logs.verify(journal.head().node(), Trust.NONE, Records.NOON, Duration.ZERO, read -> {})
                        .firstBad())
                .isEmpty();
        MongoAuditIndex index = new MongoAuditIndex(connection);
        for (String exchange : List.of("ex_1", "ex_2", "ex_3")) {
            assertThat(await(index.find(exchange)).orElseThrow().ended())
                    .as(exchange)
                    .isPresent();
        }
        assertThat(await(index.recent(AuditIndex.Filter.ALL, 10))).hasSize(3);
    }

    private MongoAudit sink() {
        return new MongoAudit(connection, journal.head().node());
    }

    private JournalTail tail(MongoAudit sink) {
        return new JournalTail(journal.folder(), () -> Optional.of(journal.head()), sink, Duration.ofMillis(10));
    }

    private void ship(MongoAudit sink) throws Exception {
        try (JournalTail tail = tail(sink)) {
            tail.catchUp();
        }
    }

    private void append(AuditRecord... records) throws Exception {
        for (AuditRecord record : records) {
            await(journal.append(record));
        }
    }

    private void eventuallyShipped() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (shipped().size() < journaled().size()) {
            assertThat(System.nanoTime()).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private List<String> shipped() throws Exception {
        return await(MongoConnection.all(
                        connection.collection(RECORDS).find().sort(Sorts.ascending("chain", "seq")), 1000))
                .stream()
                .map(record -> record.getString("json"))
                .toList();
    }

    private List<String> journaled() throws IOException {
        List<String> texts = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(journal.folder(), Position.START)) {
            while (reader.next() instanceof JournalReader.Step.Intact(JournalEntry entry)) {
                texts.add(new String(entry.json(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
