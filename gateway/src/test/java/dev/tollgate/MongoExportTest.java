package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Commands.Said;
import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Records;
import dev.tollgate.store.mongo.MongoAudit;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.TestMongo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evidence of a call out of what two nodes have shipped to MongoDB. */
final class MongoExportTest {
    @TempDir
    private Path folder;

    private final TestMongo mongo = new TestMongo();
    private volatile Instant now = Records.NOON;

    @BeforeEach
    void ship() throws Exception {
        for (String name : List.of("a", "b")) {
            Path data = Files.createDirectory(folder.resolve(name));
            String node;
            try (Journal journal = Journal.open(data, JournalFolder.FAST, () -> now, counter -> true)) {
                for (int i = 0; i < 3; i++) {
                    String exchange = "ex_" + name + i;
                    journal.append(Records.received(exchange, now, "agent-a", "team-a", "session-a", 5))
                            .await(10, TimeUnit.SECONDS);
                    journal.append(Records.ended(exchange, now, "completed", "openai/small-1", 5L))
                            .await(10, TimeUnit.SECONDS);
                    // A checkpoint is due with each of them.
                    now = now.plusSeconds(11);
                }
                node = journal.head().node();
            }
            Path journal = data.resolve(Journal.FOLDER);
            try (MongoConnection connection = mongo.connect();
                    JournalTail tail = new JournalTail(
                            journal, () -> Journal.headOf(journal), new MongoAudit(connection, node), Duration.ZERO)) {
                tail.catchUp();
            }
        }
    }

    @AfterEach
    void close() {
        mongo.close();
    }

    private Said run(String... arguments) {
        return Commands.run(List.of(arguments));
    }

    private Said export(String exchange, Path to) {
        return run(
                "audit",
                "export",
                "--exchange",
                exchange,
                "-o",
                to.toString(),
                "--mongo",
                mongo.uri(),
                "--mongo-database",
                mongo.database(),
                "--set",
                "server.data_folder=" + folder.resolve("none"));
    }

    @Test
    void call_ofEitherNode_isExportedAndVerifiesUnderItsKey() throws Exception {
        for (String name : List.of("a", "b")) {
            Path pack = folder.resolve(name + ".json");

            assertThat(export("ex_" + name + "1", pack))
                    .isEqualTo(new Said(0, "2 records of ex_" + name + "1 in " + pack + "\n", ""));

            Said proven = run(
                    "audit",
                    "verify",
                    "--export",
                    pack.toString(),
                    "--pubkey",
                    AuditKeys.shown(folder.resolve(name)).toString());
            assertThat(proven.out()).contains("the evidence is sound");
            assertThat(proven.code()).isZero();
        }
    }

    @Test
    void callThatNoNodeHad_isNotExported() {
        Path pack = folder.resolve("none.json");

        Said said = export("ex_nobody", pack);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("no node's log in this database has the call ex_nobody");
        assertThat(pack).doesNotExist();
    }
}
