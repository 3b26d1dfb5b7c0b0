package dev.tollgate.audit.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.payload.Commitment;
import dev.tollgate.audit.payload.Head;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.PayloadEraser;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.PayloadWriter;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.store.sqlite.SqlitePayloads;
import dev.tollgate.value.Sha256;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A journal and a payload store, with what a gateway writes into them and what somebody else may do to them. */
abstract class PayloadLog {

    protected static final PayloadKeys KEYS = PayloadKeys.none();
    protected static final String USER = Records.received("ex_0", Records.NOON, "agent-a", "team-a", "session-a", 5)
            .labels()
            .user();
    protected static final Instant LATER = Records.NOON.plusSeconds(3600);

    @TempDir
    protected Path data;

    protected SqlitePayloads shelf;
    protected Journal journal;

    @BeforeEach
    final void open() throws Exception {
        shelf = SqlitePayloads.open(data);
        journal = JournalFolder.open(data, JournalFolder.FAST);
        for (int i = 0; i < 5; i++) {
            call("ex_" + i, "question " + i, "question " + i);
        }
    }

    @AfterEach
    final void close() throws IOException {
        shelf.close();
        journal.close();
    }

    /** A call whose record commits to one text and of which another may be kept. */
    protected void call(String exchange, String committed, String kept) throws Exception {
        await(journal.append(received(exchange, note(exchange, committed))));
        await(journal.append(ended(exchange, note(exchange, "answer"))));
        try (PayloadWriter writer = PayloadWriter.start(shelf, KEYS, 1 << 20)) {
            keep(writer, exchange, Part.REQUEST, kept);
            keep(writer, exchange, Part.REPLY, "answer");
        }
    }

    protected static byte[] salt(String exchange) {
        return Arrays.copyOf(Sha256.of(exchange.getBytes(UTF_8)), Commitment.SALT_BYTES);
    }

    protected static PayloadNote note(String exchange, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return PayloadNote.kept("full", Commitment.of(salt(exchange), Sha256.of(bytes)), bytes.length);
    }

    protected static void keep(PayloadWriter writer, String exchange, Part part, String text) {
        keep(writer, exchange, part, text, Records.NOON);
    }

    protected static void keep(PayloadWriter writer, String exchange, Part part, String text, Instant at) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(writer.reserve(bytes.length)).isTrue();
        writer.keep(
                new Payload(
                        new Payload.Whose(exchange, at, "team-a", "agent-a", "session-a", USER),
                        part,
                        Capture.FULL,
                        salt(exchange),
                        bytes,
                        bytes.length,
                        0,
                        false,
                        new Head("POST", "openai", "chat/completions", "", "openai_chat", Map.of(), 0),
                        Payload.whole(bytes)),
                bytes.length);
    }

    protected static Received received(String exchange, PayloadNote note) {
        Received plain = Records.received(exchange, Records.NOON, "agent-a", "team-a", "session-a", 5);
        return new Received(
                plain.exchange(),
                plain.at(),
                plain.policy(),
                plain.method(),
                plain.endpoint(),
                plain.wire(),
                plain.key(),
                plain.agent(),
                plain.team(),
                plain.session(),
                plain.model(),
                plain.targets(),
                plain.requestBytes(),
                "",
                plain.notScanned(),
                plain.verdicts(),
                plain.reservation(),
                plain.estimate(),
                plain.labels(),
                note);
    }

    protected static Ended ended(String exchange, PayloadNote note) {
        Ended plain = Records.ended(exchange);
        return new Ended(
                plain.exchange(),
                plain.at(),
                plain.result(),
                plain.status(),
                plain.code(),
                plain.target(),
                plain.attempts(),
                plain.usage(),
                plain.cost(),
                plain.replyBytes(),
                plain.firstByteMicros(),
                plain.durationMicros(),
                plain.savedNanos(),
                note,
                List.of(),
                List.of());
    }

    protected PayloadCheck.Report check(Instant now) throws IOException {
        return PayloadCheck.check(List.of(log(data)), new PayloadReader(shelf, KEYS), now);
    }

    protected static LogSource log(Path folder) {
        return Verifier.source(folder.resolve(Journal.FOLDER), read -> {});
    }

    protected void sql(String... statements) throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("payloads"))) {
            Path day = files.filter(file -> file.toString().contains("2026-03-01")
                            && !file.toString().contains("-wal")
                            && !file.toString().contains("-shm"))
                    .findFirst()
                    .orElseThrow();
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + day);
                    Statement statement = connection.createStatement()) {
                for (String one : statements) {
                    assertThat(statement.executeUpdate(one)).as(one).isPositive();
                }
            }
        }
    }

    protected void erase(String exchange) throws IOException {
        PayloadEraser.Count gone = new PayloadEraser(shelf, KEYS)
                .erase(Subject.parse("exchange:" + exchange), new Erased("", LATER, "ann", "asked"));
        assertThat(gone.exchanges()).isEqualTo(1);
    }

    protected void say(Instant at, String action, String subject, Map<String, String> details) throws Exception {
        await(journal.append(new Administrative(at, action, "ann", subject, details)));
    }

    protected static void await(Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
