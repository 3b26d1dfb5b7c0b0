package dev.tollgate.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.audit.AuditIndexContract;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MongoAuditIndexTest extends AuditIndexContract {
    private final TestMongo mongo = new TestMongo();

    @AfterEach
    void stopMongo() {
        mongo.close();
    }

    @Override
    protected Fed open() throws Exception {
        return open(journal);
    }

    private Fed open(Journal fed) throws Exception {
        MongoConnection connection = mongo.connect();
        MongoAudit sink = new MongoAudit(connection, fed.head().node());
        await(sink.prepare());
        return new Fed(new MongoAuditIndex(connection), sink, connection);
    }

    @Test
    void documentsOfAnOlderVersion_areFilledInFromTheirRecords() throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"), Records.received("ex_2"));
        SpendQuery byUser = new SpendQuery(
                Instant.EPOCH,
                Instant.MAX,
                ZoneOffset.UTC,
                List.of(GroupKey.of(Dimension.USER), GroupKey.of(Dimension.DAY)),
                Map.of());
        List<SpendGroup> before = await(fed.index().spend(byUser));
        assertThat(before).isNotEmpty();
        try (MongoConnection connection = mongo.connect()) {
            MongoCollection<Document> exchanges = connection.collection(AuditDocuments.EXCHANGES);
            for (String added :
                    List.of("approved", "rules", "user", "subAgent", "tags", "quarter", "held", "saved", "cacheRead")) {
                await(MongoConnection.done(exchanges.updateMany(new Document(), Updates.unset(added))));
            }
            MongoAudit audit = new MongoAudit(connection, "node");

            assertThat(await(audit.refill())).isEqualTo(2);

            assertThat(await(fed.index().spend(byUser))).isEqualTo(before);
            assertThat(await(audit.refill())).as("nothing is left to do").isZero();
            assertThat(await(MongoConnection.all(exchanges.find(), 10)))
                    .allMatch(exchange -> exchange.containsKey("tags") && exchange.containsKey("quarter"));
        }
    }

    @Test
    void twoNodes_shippingToOneDatabase_areSeenTogether(@TempDir Path otherData) throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"));
        try (Journal other = JournalFolder.open(otherData, JournalFolder.FAST)) {
            await(other.append(Records.received("ex_2", Records.NOON.plusSeconds(1), "agent-b", "team-b", "", 1)));
            await(other.append(Records.ended("ex_2")));
            Fed second = open(other);
            try (JournalTail tail = new JournalTail(
                    other.folder(), () -> Optional.of(other.head()), second.sink(), Duration.ofMillis(10))) {
                tail.catchUp();
            }
            second.closing().close();
        }

        assertThat(recent(Filter.ALL, 10)).containsExactly("ex_2", "ex_1");
        assertThat(await(fed.index().spend(Instant.EPOCH, Instant.MAX, Dimension.TEAM)))
                .extracting(SpendRow::value)
                .containsExactly("team-a", "team-b");
    }
}
