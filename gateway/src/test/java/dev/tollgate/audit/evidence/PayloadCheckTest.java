package dev.tollgate.audit.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PayloadCheckTest {
    private static final PayloadKeys KEYS = PayloadKeys.none();
    private static final Instant LATER = Records.NOON.plusSeconds(3600);

    @TempDir
    private Path data;

    private SqlitePayloads shelf;
    private Journal journal;

    @BeforeEach
    void open() throws Exception {
        shelf = SqlitePayloads.open(data);
        journal = JournalFolder.open(data, JournalFolder.FAST);
        for (int i = 0; i < 5; i++) {
            call("ex_" + i, "question " + i, "question " + i);
        }
    }

    @AfterEach
    void close() throws IOException {
        shelf.close();
        journal.close();
    }

    /** A call whose record commits to one text and of which another may be kept. */
    private void call(String exchange, String committed, String kept) throws Exception {
        await(journal.append(received(exchange, note(exchange, committed))));
        await(journal.append(ended(exchange, note(exchange, "answer"))));
        try (PayloadWriter writer = PayloadWriter.start(shelf, KEYS, 1 << 20)) {
            keep(writer, exchange, Part.REQUEST, kept);
            keep(writer, exchange, Part.REPLY, "answer");
        }
    }

    private static byte[] salt(String exchange) {
        return Arrays.copyOf(Sha256.of(exchange.getBytes(UTF_8)), Commitment.SALT_BYTES);
    }

    private static PayloadNote note(String exchange, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return PayloadNote.kept("full", Commitment.of(salt(exchange), Sha256.of(bytes)), bytes.length);
    }

    private static void keep(PayloadWriter writer, String exchange, Part part, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(writer.reserve(bytes.length)).isTrue();
        writer.keep(
                new Payload(
                        new Payload.Whose(exchange, Records.NOON, "team-a", "agent-a", "session-a", ""),
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

    private static Received received(String exchange, PayloadNote note) {
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

    private static Ended ended(String exchange, PayloadNote note) {
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

    private PayloadCheck.Report check(Instant now) throws IOException {
        return PayloadCheck.check(
                Verifier.source(data.resolve(Journal.FOLDER), read -> {}), new PayloadReader(shelf, KEYS), now);
    }

    private void sql(String... statements) throws Exception {
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

    @Test
    void payloads_asTheyWereWritten_matchTheirRecords() throws Exception {
        assertThat(check(LATER)).isEqualTo(new PayloadCheck.Report(10, 5 * (10 + 6), 0, 0, 0, 0, List.of()));
    }

    @Test
    void payload_thatIsAnother_isNamed() throws Exception {
        call("ex_swapped", "what was asked", "what somebody would like it to be");

        PayloadCheck.Report found = check(LATER);

        assertThat(found.wrong()).isEqualTo(1);
        assertThat(found.flaws().getFirst())
                .startsWith("the request of ex_swapped is not the one that record ")
                .doesNotContain("what");
    }

    @Test
    void payload_thatWasDamaged_isNamed() throws Exception {
        sql("UPDATE piece SET sealed = substr(sealed, 1, length(sealed) - 1) || x'00'"
                + " WHERE rowid = (SELECT min(rowid) FROM piece)");

        PayloadCheck.Report found = check(LATER);

        assertThat(found.wrong()).isPositive();
        assertThat(found.flaws().getFirst()).startsWith("the re");
    }

    @Test
    void payload_thatIsMissing_isNamedUnlessItMayStillBeWritten() throws Exception {
        sql("DELETE FROM payload WHERE exchange = 'ex_3'");

        assertThat(check(LATER).flaws()).hasSize(2).allMatch(flaw -> flaw.contains("of ex_3, to which record"));
        assertThat(check(Records.NOON.plusSeconds(10)).late()).isEqualTo(2);
        assertThat(check(Records.NOON.plusSeconds(10)).isGood()).isTrue();
    }

    @Test
    void payload_thatWasErased_isCounted() throws Exception {
        PayloadEraser.Count gone = new PayloadEraser(shelf, KEYS)
                .erase(Subject.parse("exchange:ex_2"), new Erased("", LATER, "ann", "asked"));

        assertThat(gone.exchanges()).isEqualTo(1);
        PayloadCheck.Report found = check(LATER);
        assertThat(found.erased()).isEqualTo(2);
        assertThat(found.matching()).isEqualTo(8);
        assertThat(found.isGood()).isTrue();
    }

    @Test
    void day_thatWasDropped_isNoFlawOnlyWhereTheLogSaysSo() throws Exception {
        assertThat(shelf.drop(PayloadReader.dayOf(Records.NOON))).isPresent();
        assertThat(check(LATER).wrong()).isEqualTo(10);

        await(journal.append(new Administrative(LATER, "payloads_dropped", "gateway", "2026-03-01", Map.of())));

        assertThat(check(LATER)).isEqualTo(new PayloadCheck.Report(0, 0, 0, 10, 0, 0, List.of()));
    }

    private static void await(Future<?> future) throws Exception {
        Object unused = future.await(10, TimeUnit.SECONDS);
    }
}
