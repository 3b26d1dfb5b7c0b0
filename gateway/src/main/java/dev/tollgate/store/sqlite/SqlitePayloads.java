package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.KeyTable;
import dev.tollgate.audit.payload.PayloadShelf;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * Payloads in one SQLite file per day, in the folder {@code payloads} of the data folder, readable by its owner only. Several processes may
 * write one file, one after the other; reads see a consistent state beside them. What is deleted is overwritten with zeros.
 */
public final class SqlitePayloads implements PayloadShelf {
    public static final String FOLDER = "payloads";
    private static final String SUFFIX = ".db";
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;
    private static final int MAX_OPEN = 3;
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(SqlitePayloads.class);

    private final Path folder;
    private final SqliteKeyTable keys;
    private final Lane changing = new Lane("BEGIN IMMEDIATE");
    private final Lane reading = new Lane("BEGIN");

    private SqlitePayloads(Path folder, SqliteKeyTable keys) {
        this.folder = folder;
        this.keys = keys;
    }

    /** Opens the folder of a data folder, and makes it if it is not there. */
    public static SqlitePayloads open(Path dataFolder) throws IOException {
        Path folder = dataFolder.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, mode(folder, "rwx------"));
        }
        return new SqlitePayloads(folder, new SqliteKeyTable(dataFolder.resolve(SqliteKeyTable.FILE_NAME)));
    }

    static FileAttribute<?>[] mode(Path near, String permissions) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public <T> T change(LocalDate day, Work<T> work) throws IOException {
        Path file = file(day);
        if (!Files.exists(file)) {
            try {
                Files.createFile(file, mode(file, "rw-------"));
            } catch (FileAlreadyExistsException other) {
                LOG.debug("another process made {}", file);
            }
        }
        return changing.run(file, work);
    }

    @Override
    public <T> Optional<T> read(LocalDate day, Work<T> work) throws IOException {
        Path file = file(day);
        return Files.exists(file) ? Optional.of(reading.run(file, work)) : Optional.empty();
    }

    @Override
    public List<LocalDate> days() throws IOException {
        List<LocalDate> days = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    day(name).ifPresent(days::add);
                }
            }
        }
        return days.stream().sorted().toList();
    }

    private static Optional<LocalDate> day(String name) {
        try {
            return Optional.of(LocalDate.parse(name.substring(0, name.length() - SUFFIX.length())));
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Long> drop(LocalDate day) throws IOException {
        Path file = file(day);
        changing.forget(file);
        reading.forget(file);
        boolean was = Files.exists(file);
        long bytes = 0;
        for (String end : List.of("", "-wal", "-shm")) {
            Path part = file.resolveSibling(file.getFileName() + end);
            try {
                bytes += Files.size(part);
                Files.delete(part);
            } catch (NoSuchFileException none) {
                LOG.debug("{} is not there", part);
            }
        }
        return was ? Optional.of(bytes) : Optional.empty();
    }

    @Override
    public byte[] secret() throws IOException {
        Path file = folder.resolve(SECRET);
        if (!Files.exists(file)) {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            // Moved into place whole: a reader must never take half a secret for one.
            Path made = Files.createTempFile(folder, SECRET, "", mode(folder, "rw-------"));
            Files.write(made, secret, StandardOpenOption.SYNC);
            try {
                Files.createLink(file, made);
            } catch (FileAlreadyExistsException other) {
                LOG.debug("another process made {}", file);
            } catch (UnsupportedOperationException noLinks) {
                Files.move(made, file);
            }
            Files.deleteIfExists(made);
        }
        return Files.readAllBytes(file);
    }

    @Override
    public KeyTable keys() {
        return keys;
    }

    private Path file(LocalDate day) {
        return folder.resolve(day + SUFFIX);
    }

    @Override
    public void close() {
        changing.close();
        reading.close();
        keys.close();
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        // After a loss of power the last payloads may be missing: the log then says so. Forcing would slow the journal.
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        config.setPragma(Pragma.SECURE_DELETE, "true");
        return config;
    }

    /** One kind of transactions, one at a time, on connections that stay open for a while. */
    private static final class Lane {
        private final String begin;
        private final Map<Path, Connection> open = new LinkedHashMap<>(8, 0.75f, true);

        Lane(String begin) {
            this.begin = begin;
        }

        synchronized <T> T run(Path file, Work<T> work) throws IOException {
            try {
                Connection connection = connection(file);
                try (Statement transaction = connection.createStatement()) {
                    transaction.execute(begin);
                    boolean done = false;
                    try {
                        SqliteDrawer drawer = new SqliteDrawer(connection);
                        T result = work.on(drawer);
                        transaction.execute("COMMIT");
                        done = true;
                        if (drawer.hasRemoved()) {
                            writeBack(transaction);
                        }
                        return result;
                    } finally {
                        if (!done) {
                            transaction.execute("ROLLBACK");
                        }
                    }
                }
            } catch (SQLException failure) {
                forget(file);
                throw new IOException("payloads in " + file.getFileName() + ": " + failure.getMessage(), failure);
            }
        }

        /** What was deleted must not live on in the write-ahead log, nor be read by anybody who has begun before: the key to it may be destroyed next. */
        private static void writeBack(Statement statement) throws SQLException {
            try (ResultSet told = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                if (told.next() && told.getInt(1) != 0) {
                    throw new SQLException("somebody has been reading the day for longer than "
                            + BUSY_TIMEOUT.toSeconds() + " s, so that what was erased could not be overwritten yet");
                }
            }
        }

        private Connection connection(Path file) throws SQLException {
            Connection known = open.get(file);
            if (known == null) {
                known = config().createConnection("jdbc:sqlite:" + file);
                SqliteDrawer.prepare(known);
                open.put(file, known);
                if (open.size() > MAX_OPEN) {
                    forget(open.keySet().iterator().next());
                }
            }
            return known;
        }

        synchronized void forget(Path file) {
            Connection connection = open.remove(file);
            if (connection != null) {
                try {
                    connection.close();
                } catch (SQLException failure) {
                    LOG.warn("{} did not close: {}", file, failure.getMessage());
                }
            }
        }

        synchronized void close() {
            List.copyOf(open.keySet()).forEach(this::forget);
        }
    }
}
