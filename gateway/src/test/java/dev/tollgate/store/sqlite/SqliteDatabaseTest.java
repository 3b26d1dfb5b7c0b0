package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteDatabaseTest {
    private static final SqliteSchema FIRST =
            new SqliteSchema("notes", List.of(List.of("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")));
    private static final SqliteSchema SECOND = new SqliteSchema(
            "notes",
            List.of(FIRST.steps().get(0), List.of("ALTER TABLE note ADD COLUMN author TEXT DEFAULT 'nobody'")));

    @TempDir
    private Path folder;

    @Test
    void write_committed_isReadBack() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(folder, List.of(FIRST))) {
            await(database.write(c -> update(c, "INSERT INTO note (text) VALUES ('a')")));

            assertThat(countOf(database, "SELECT count(*) FROM note")).isEqualTo(1);
        }
    }

    @Test
    void writes_areForcedToTheDisk_unlessTheyCanBeDoneAgain() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(folder, List.of(FIRST))) {
            int normal = 1;
            int full = 2;

            assertThat(await(database.write(SqliteDatabaseTest::durability))).isEqualTo(full);
            assertThat(await(database.writeRepeatable(SqliteDatabaseTest::durability)))
                    .isEqualTo(normal);
            assertThat(await(database.write(SqliteDatabaseTest::durability)))
                    .as("as before")
                    .isEqualTo(full);
        }
    }

    private static int durability(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
        }
    }

    @Test
    void write_throwing_leavesNothingBehind() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(folder, List.of(FIRST))) {
            Future<Integer> failing = database.write(c -> {
                update(c, "INSERT INTO note (text) VALUES ('a')");
                throw new SQLException("on purpose");
            });

            assertThatThrownBy(() -> await(failing)).hasMessage("on purpose");
            assertThat(countOf(database, "SELECT count(*) FROM note")).isZero();
        }
    }

    @Test
    void open_olderFile_isBroughtUpAndKeepsItsRows() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(folder, List.of(FIRST))) {
            await(database.write(c -> update(c, "INSERT INTO note (text) VALUES ('a')")));
        }

        try (SqliteDatabase database = SqliteDatabase.open(folder, List.of(SECOND))) {
            assertThat(countOf(database, "SELECT count(*) FROM note WHERE author = 'nobody'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void open_newerFile_isRefusedNamingTheVersions() throws Exception {
        SqliteDatabase.open(folder, List.of(SECOND)).close();

        assertThatThrownBy(() -> SqliteDatabase.open(folder, List.of(FIRST)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tables of notes have version 2, this program knows versions up to 1");
    }

    @Test
    void open_notADatabase_isRefusedNamingTheFile() throws Exception {
        Files.writeString(
                folder.resolve(SqliteDatabase.FILE_NAME), "this is not a database, but long enough. ".repeat(50));

        assertThatThrownBy(() -> SqliteDatabase.open(folder, List.of(FIRST)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(SqliteDatabase.FILE_NAME);
    }

    @Test
    void open_newFile_isReadableByItsOwnerOnly() throws Exception {
        SqliteDatabase.open(folder, List.of(FIRST)).close();

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve(SqliteDatabase.FILE_NAME))))
                .isEqualTo("rw-------");
    }

    @Test
    void twoProcesses_writingAtOnce_bothSucceed() throws Exception {
        try (SqliteDatabase one = SqliteDatabase.open(folder, List.of(FIRST));
                SqliteDatabase other = SqliteDatabase.open(folder, List.of(FIRST))) {
            for (int i = 0; i < 50; i++) {
                Future<Integer> first = one.write(c -> update(c, "INSERT INTO note (text) VALUES ('a')"));
                Future<Integer> second = other.write(c -> update(c, "INSERT INTO note (text) VALUES ('b')"));
                await(first);
                await(second);
            }

            assertThat(countOf(one, "SELECT count(*) FROM note")).isEqualTo(100);
        }
    }

    @Test
    void result_always_arrivesOnTheCallersContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (SqliteDatabase database = SqliteDatabase.open(folder, List.of(FIRST))) {
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Context> seen = new CompletableFuture<>();

            context.runOnContext(v ->
                    database.read(c -> count(c, "SELECT 1")).onComplete(done -> seen.complete(Vertx.currentContext())));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isSameAs(context);
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void closed_database_failsInsteadOfHanging() throws Exception {
        SqliteDatabase database = SqliteDatabase.open(folder, List.of(FIRST));
        database.close();

        assertThatThrownBy(() -> await(database.read(c -> 1))).hasMessageContaining("closed");
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }

    @CanIgnoreReturnValue
    private static int countOf(SqliteDatabase database, String sql) throws Exception {
        return await(database.read(c -> count(c, sql)));
    }

    @CanIgnoreReturnValue
    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    @CanIgnoreReturnValue
    private static int count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
