package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** What is committed together, seen from another connection. */
final class SqliteWriterTest {
    private static final Duration FOREVER = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private Path file;
    private SqliteWriter writer;
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("writer.db");
        begin(FOREVER);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private void begin(Duration longest) throws Exception {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        writer = new SqliteWriter(longest);
        writer.connect(config, file);
        writer.runNow(c -> update(c, "CREATE TABLE IF NOT EXISTS note (text TEXT)"));
    }

    /** Occupies the thread until {@link #end}, so that what is submitted meanwhile waits. */
    private Future<Integer> occupied() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<Integer> first = writer.submit(
                c -> {
                    begun.countDown();
                    return held(end);
                },
                SynchronousMode.FULL);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        return first;
    }

    private Future<Integer> insert(String text) {
        return writer.submit(c -> update(c, "INSERT INTO note VALUES ('" + text + "')"), SynchronousMode.FULL);
    }

    private Future<Integer> failing(String text, String before) {
        return writer.submit(
                c -> {
                    int inserted = update(c, "INSERT INTO note VALUES ('" + text + "')");
                    update(c, before);
                    throw new SQLException("on purpose after " + inserted);
                },
                SynchronousMode.FULL);
    }

    private String notes() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(group_concat(text), '') FROM note")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    @Test
    void work_thatWaits_isCommittedTogether_eachPieceWholeOrNotAtAll() throws Exception {
        Future<Integer> first = occupied();
        Future<Integer> one = insert("one");
        Future<Integer> failing = failing("two", "DELETE FROM note");
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        Future<Integer> three = writer.submit(
                c -> {
                    last.countDown();
                    return held(looked) + update(c, "INSERT INTO note VALUES ('three')");
                },
                SynchronousMode.FULL);
        end.countDown();
        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(notes()).as("nothing is committed yet").isEmpty();
        assertThat(one.isComplete() || first.isComplete())
                .as("nobody is told yet")
                .isFalse();
        looked.countDown();

        assertThat(await(one)).isEqualTo(1);
        assertThatThrownBy(() -> await(failing)).hasMessage("on purpose after 1");
        assertThat(await(three)).isEqualTo(2);
        assertThat(await(first)).isEqualTo(1);
        assertThat(notes()).isEqualTo("one,three");
    }

    @Test
    void work_togetherWithAPieceAtWhichSqliteEndsTheTransaction_failsAllOfIt_andTheNextIsDone() throws Exception {
        Future<Integer> first = occupied();
        Future<Integer> one = insert("one");
        Future<Integer> failing = failing("two", "ROLLBACK");
        end.countDown();

        assertThatThrownBy(() -> await(failing)).hasMessage("on purpose after 1");
        assertThatThrownBy(() -> await(one)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> await(first)).isInstanceOf(SQLException.class);
        assertThat(await(insert("three"))).isEqualTo(1);
        assertThat(notes()).isEqualTo("three");
    }

    @Test
    void work_togetherWithOneWhoseListenerFails_isToldAllTheSame() throws Exception {
        Future<Integer> first = occupied();
        Future<Integer> one = insert("one").onSuccess(done -> {
            throw new IllegalStateException("the listener fails on purpose");
        });
        Future<Integer> two = insert("two");
        end.countDown();

        assertThat(await(two)).isEqualTo(1);
        assertThat(await(one)).isEqualTo(1);
        assertThat(await(first)).isEqualTo(1);
    }

    @Test
    void work_thatIsForced_andWorkThatIsNot_areNotMixed() throws Exception {
        Future<Integer> first = occupied();
        Future<Integer> normal = writer.submit(SqliteWriterTest::durability, SynchronousMode.NORMAL);
        Future<Integer> full = writer.submit(SqliteWriterTest::durability, SynchronousMode.FULL);
        Future<Integer> again = writer.submit(SqliteWriterTest::durability, SynchronousMode.NORMAL);
        end.countDown();

        assertThat(await(first)).isEqualTo(1);
        assertThat(await(normal)).isEqualTo(1);
        assertThat(await(full)).isEqualTo(2);
        assertThat(await(again)).isEqualTo(1);
    }

    @Test
    void work_isNotTakenIn_whereThoseBeforeItWouldWaitLong() throws Exception {
        writer.close();
        begin(Duration.ZERO);
        Future<Integer> first = occupied();
        CountDownLatch looked = new CountDownLatch(1);
        Future<Integer> second = writer.submit(c -> held(looked), SynchronousMode.FULL);
        end.countDown();

        assertThat(await(first)).isEqualTo(1);
        assertThat(second.isComplete()).isFalse();
        looked.countDown();
        assertThat(await(second)).isEqualTo(1);
    }

    private static int held(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS) ? 1 : 0;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static int durability(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }

    @CanIgnoreReturnValue
    private static int update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
