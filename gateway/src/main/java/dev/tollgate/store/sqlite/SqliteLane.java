package dev.tollgate.store.sqlite;

import dev.tollgate.store.CallerContext;
import dev.tollgate.store.sqlite.SqliteDatabase.Work;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/** Threads of one kind, each with a connection of its own. */
final class SqliteLane {
    static final int MAX_WAITING = 10_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLane.class);

    private final ThreadPoolExecutor threads;
    private final BlockingQueue<Connection> connections;
    private final int size;

    SqliteLane(String name, int size) {
        this.size = size;
        this.connections = new ArrayBlockingQueue<>(size);
        this.threads = new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().name(name, 0).daemon(true).factory());
    }

    void connect(SQLiteConfig config, Path file) throws SQLException {
        for (int i = 0; i < size; i++) {
            connections.add(config.createConnection("jdbc:sqlite:" + file));
        }
    }

    /** Runs work on one of the threads. */
    <T> Future<T> submit(Work<T> work) {
        CallerContext<T> caller = new CallerContext<>();
        try {
            execute(connection -> {
                try {
                    caller.complete(work.on(connection));
                } catch (SQLException | RuntimeException failure) {
                    caller.fail(failure);
                }
            });
        } catch (SQLException full) {
            caller.fail(full);
        }
        return caller.future();
    }

    /**
     * The same for work that tells by itself what came of it.
     *
     * @throws SQLException if too much waits, or the database is closed
     */
    void execute(Consumer<Connection> work) throws SQLException {
        try {
            threads.execute(() -> runNow(work));
        } catch (RejectedExecutionException full) {
            throw new SQLException(
                    threads.isShutdown()
                            ? "the database is closed"
                            : "the database is busy: " + MAX_WAITING + " pieces of work wait",
                    full);
        }
    }

    /** Runs work on this thread, before anything is submitted. */
    void runNow(Consumer<Connection> work) {
        // There are as many connections as threads: one is always free.
        Connection connection = connections.remove();
        try {
            work.accept(connection);
        } finally {
            connections.add(connection);
        }
    }

    static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        try (Statement transaction = connection.createStatement()) {
            transaction.execute("BEGIN");
            try {
                T result = work.on(connection);
                transaction.execute("COMMIT");
                return result;
            } catch (SQLException | RuntimeException failure) {
                rollBack(transaction, failure);
                throw failure;
            }
        }
    }

    static void rollBack(Statement transaction, Exception failure) {
        try {
            transaction.execute("ROLLBACK");
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** Finishes what waits. */
    void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the database still works after {}; closing it anyway", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException failure) {
                LOG.warn("a database connection did not close: {}", failure.getMessage());
            }
        }
    }
}
