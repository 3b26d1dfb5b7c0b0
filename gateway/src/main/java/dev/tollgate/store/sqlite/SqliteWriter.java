package dev.tollgate.store.sqlite;

import dev.tollgate.store.CallerContext;
import dev.tollgate.store.sqlite.SqliteDatabase.Work;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The one thread that writes. What waits when it begins is committed together, and forced to the disk once: a disk that takes five milliseconds
 * for that would otherwise let 200 pieces of work pass in a second. A piece that fails is undone by itself.
 */
final class SqliteWriter {
    private static final int MOST_TOGETHER = 64;
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final Duration LONGEST = Duration.ofMillis(20);

    private final long longestNanos;
    private final SqliteLane lane = new SqliteLane("tollgate-sqlite-writer", 1);
    private final Queue<Piece<?>> waiting = new ConcurrentLinkedQueue<>();
    /** What the connection does at a commit. Used on its thread. */
    private SynchronousMode current = SynchronousMode.FULL;

    SqliteWriter() {
        this(LONGEST);
    }

    /** @param longest no piece is taken in later: neither those before it nor other processes are to wait long */
    SqliteWriter(Duration longest) {
        this.longestNanos = longest.toNanos();
    }

    /** One piece of work, until somebody is told what came of it. */
    private static final class Piece<T extends @Nullable Object> {
        private final CallerContext<T> caller = new CallerContext<>();
        private final Work<T> work;
        private final SynchronousMode durability;
        private Runnable telling = () -> {};
        private boolean isUndone;

        Piece(Work<T> work, SynchronousMode durability) {
            this.work = work;
            this.durability = durability;
        }

        /** Does it; what came of it is told later. */
        void run(Connection connection) throws SQLException {
            T result = work.on(connection);
            telling = () -> caller.complete(result);
        }

        /** It alone has failed. */
        void undone(Exception failure) {
            isUndone = true;
            telling = () -> caller.fail(failure);
        }

        void tell() {
            try {
                telling.run();
            } catch (RuntimeException broken) { // of whoever was told: the others still are to be
                LOG.error("what follows a write has failed", broken);
            }
        }

        /** Nothing of what it was done with is there. */
        void lost(Exception failure) {
            if (!isUndone) {
                undone(failure);
            }
        }
    }

    /** What is done once, before anything waits. */
    interface Beginning {
        void on(Connection connection) throws SQLException;
    }

    void connect(SQLiteConfig config, Path file) throws SQLException {
        lane.connect(config, file);
    }

    /** Runs work on this thread, before anything is submitted. */
    void runNow(Beginning beginning) throws SQLException {
        Piece<Boolean> piece = new Piece<>(
                connection -> {
                    beginning.on(connection);
                    return true;
                },
                SynchronousMode.FULL);
        waiting.add(piece);
        lane.runNow(this::together);
        Throwable failure = piece.caller.future().cause();
        if (failure instanceof SQLException cannot) {
            throw cannot;
        }
        if (failure != null) {
            throw new SQLException(failure);
        }
    }

    /** Runs work in a transaction. */
    <T> Future<T> submit(Work<T> work, SynchronousMode durability) {
        Piece<T> piece = new Piece<>(work, durability);
        waiting.add(piece);
        try {
            lane.execute(this::together);
        } catch (SQLException full) {
            if (waiting.remove(piece)) {
                piece.caller.fail(full);
            }
        }
        return piece.caller.future();
    }

    /** Runs work outside of a transaction. */
    <T> Future<T> submitAlone(Work<T> work) {
        return lane.submit(work);
    }

    private void together(Connection connection) {
        Piece<?> first = waiting.poll();
        if (first == null) {
            // It was done together with one before it.
            return;
        }
        List<Piece<?>> group = new ArrayList<>();
        group.add(first);
        try (Statement transaction = connection.createStatement()) {
            if (!first.durability.equals(current)) {
                transaction.execute("PRAGMA synchronous = " + first.durability.getValue());
                current = first.durability;
            }
            // The driver's own transactions would open the next one right behind each commit, and keep other processes
            // from writing.
            transaction.execute("BEGIN IMMEDIATE");
            long end = System.nanoTime() + longestNanos;
            try {
                first.run(connection);
                takeIn(group, end, connection, transaction);
                transaction.execute("COMMIT");
            } catch (SQLException | RuntimeException failure) {
                SqliteLane.rollBack(transaction, failure);
                throw failure;
            }
        } catch (SQLException | RuntimeException failure) {
            group.forEach(piece -> piece.lost(failure));
        }
        group.forEach(Piece::tell);
    }

    /** Does what else waits and needs no more of the disk. */
    private void takeIn(List<Piece<?>> group, long end, Connection connection, Statement transaction)
            throws SQLException {
        while (group.size() < MOST_TOGETHER && System.nanoTime() - end < 0) {
            Piece<?> next = waiting.peek();
            if (next == null || !next.durability.equals(current)) {
                return;
            }
            group.add(waiting.remove());
            transaction.execute("SAVEPOINT piece");
            try {
                next.run(connection);
            } catch (SQLException | RuntimeException failure) {
                next.undone(failure);
                // Fails where SQLite has ended the transaction by itself: then all of it is lost.
                transaction.execute("ROLLBACK TO piece");
            }
            transaction.execute("RELEASE piece");
        }
    }

    void close() {
        lane.close();
    }
}
