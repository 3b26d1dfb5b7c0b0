package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.ShreddingContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteShreddingTest extends ShreddingContract {
    @TempDir
    private Path data;

    @TempDir
    private Path copy;

    @Override
    protected PayloadShelf open() throws IOException {
        return SqlitePayloads.open(data);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void copyOfTheFolder_withTheKeyTableOfAfterTheErasure_cannotBeRead() throws Exception {
        keep(shelf, KEYS, chat("ex_1", "red", "s1", "first"), chat("ex_2", "red", "s2", "second"));
        Path keys = data.resolve(SqliteKeyTable.FILE_NAME);
        Path oldKeys = copy.resolve("old-keys");
        Files.copy(keys, oldKeys);
        copy(data.resolve(SqlitePayloads.FOLDER), copy.resolve(SqlitePayloads.FOLDER));

        assertThat(erase(shelf, KEYS, "session:s1").exchanges()).isEqualTo(1);

        Files.copy(keys, copy.resolve(SqliteKeyTable.FILE_NAME));
        try (PayloadShelf copied = SqlitePayloads.open(copy)) {
            PayloadReader reader = new PayloadReader(copied, KEYS);
            assertThatThrownBy(() -> reader.find("ex_1", NOON, Part.REQUEST)).hasMessageContaining("key table");
            assertThatThrownBy(() -> reader.find("ex_2", NOON, Part.REQUEST)).hasMessageContaining("key table");
        }
        assertThat(text(Files.readAllBytes(keys))).doesNotContain(text(sealedKeyIn(oldKeys)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
                .isEqualTo("rw-------");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] sealedKeyIn(Path table) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + table);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT sealed FROM payload_key")) {
            assertThat(row.next()).isTrue();
            return row.getBytes(1);
        }
    }

    @Test
    void fileOfAnEarlierVersion_isReadAndWritten() throws Exception {
        Payload old = chat("ex_1", "red", "s1", "first");
        keep(shelf, KEYS, old);
        shelf.close();
        Path file = data.resolve(SqlitePayloads.FOLDER).resolve(DAY + ".db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE piece DROP COLUMN mark");
            statement.execute("ALTER TABLE node DROP COLUMN mark");
        }
        Payload added = chat("ex_2", "red", "s2", "first", "second");

        try (PayloadShelf again = open()) {
            keep(again, KEYS, added);

            PayloadReader reader = new PayloadReader(again, KEYS);
            for (Payload one : new Payload[] {old, added}) {
                assertThat(reader.find(one.whose().exchange(), NOON, Part.REQUEST))
                        .isInstanceOfSatisfying(
                                Answer.Kept.class,
                                kept -> assertThat(kept.payload().bytes()).isEqualTo(one.bytes()));
            }
        }
    }
}
