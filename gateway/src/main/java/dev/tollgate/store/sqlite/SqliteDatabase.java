package dev.tollgate.store.sqlite;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * One SQLite file, in write-ahead mode. Each piece of work is done whole or not at all: writes run one after the other on one thread and, unless
 * they can be done again, are forced to the disk when their future succeeds; reads run beside them and see a consistent state. A piece of work
 * that throws is rolled back and its future fails. At most {@value SqliteLane#MAX_WAITING} pieces wait for each kind of thread; more fail at once.
 */
public final class SqliteDatabase implements AutoCloseable {
    public static final String FILE_NAME = "tollgate.db";
    private static final int READERS = 3;
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);
    private static final int WAL_LIMIT_BYTES = 64 * 1024 * 1024;
    /** After so many pages of 4 KiB the log is written back: the more, the fewer pages are written twice. */
    private static final int CHECKPOINT_PAGES = 4000;

    private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);

    private final Path file;
    private final SqliteWriter writer;
    private final SqliteLane readers;

    private SqliteDatabase(Path file, SqliteWriter writer, SqliteLane readers) {
        this.file = file;
        this.writer = writer;
        this.readers = readers;
    }

    /** What is done with a connection inside one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Opens the file {@value #FILE_NAME} of a folder, makes it if there is none (readable by its owner only), and brings its tables up to
     * date. Blocks.
     *
     * @throws IOException if the file cannot be opened or was written by a newer program
     */
    public static SqliteDatabase open(Path dataFolder, List<SqliteSchema> schemas) throws IOException {
        Path file = dataFolder.resolve(FILE_NAME);
        createPrivately(dataFolder, file);
        SqliteLibrary.unpack(dataFolder);
        SqliteWriter writer = new SqliteWriter();
        SqliteLane readers = new SqliteLane("tollgate-sqlite-reader", READERS);
        try {
            writer.connect(config(), file);
            readers.connect(config(), file);
            writer.runNow(connection -> {
                for (SqliteSchema schema : schemas) {
                    schema.apply(connection);
                }
            });
            return new SqliteDatabase(file, writer, readers);
        } catch (SQLException cannotOpen) {
            writer.close();
            readers.close();
            throw new IOException("cannot open the database " + file + ": " + cannotOpen.getMessage(), cannotOpen);
        }
    }

    /** Runs work that changes nothing. */
    public <T> Future<T> read(Work<T> work) {
        return readers.submit(connection -> SqliteLane.inTransaction(connection, work));
    }

    /** Runs work that changes something; no other such work runs meanwhile. */
    public <T> Future<T> write(Work<T> work) {
        return writer.submit(work, SynchronousMode.FULL);
    }

    /**
     * Runs work that can be done again from what is kept elsewhere. It is not forced to the disk: after a loss of power the file may be as it
     * was before, whole and without this work and later such work. Forcing it would keep the journal from the disk meanwhile.
     */
    public <T> Future<T> writeRepeatable(Work<T> work) {
        return writer.submit(work, SynchronousMode.NORMAL);
    }

    /**
     * Takes everything written so far out of the write-ahead log, so that what was deleted lives on nowhere. Fails where somebody has been
     * reading for longer than the file is waited for.
     */
    public Future<Void> writeBack() {
        return writer.submitAlone(SqliteDatabase::checkpoint).mapEmpty();
    }

    private static boolean checkpoint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet told = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (told.next() && told.getInt(1) != 0) {
                throw new SQLException("somebody has been reading the database for longer than "
                        + BUSY_TIMEOUT.toSeconds() + " s, so that what was erased could not be overwritten yet");
            }
        }
        return true;
    }

    public Path file() {
        return file;
    }

    /** Finishes the work that waits, then closes the file. Blocks for up to 20 seconds. */
    @Override
    public void close() {
        readers.close();
        writer.close();
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        config.setJournalSizeLimit(WAL_LIMIT_BYTES);
        // Nobody asks for them, and they cost a statement of their own after each insert.
        config.setGetGeneratedKeys(false);
        // What is deleted is overwritten: some of it is what agents said.
        config.setPragma(Pragma.SECURE_DELETE, "true");
        config.setPragma(Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
        return config;
    }

    private static void createPrivately(Path folder, Path file) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(folder);
            return;
        }
        Files.createDirectories(folder, mode("rwx------"));
        try {
            Files.createFile(file, mode("rw-------"));
        } catch (FileAlreadyExistsException exists) {
            LOG.debug("the database {} exists", file);
        }
    }

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
