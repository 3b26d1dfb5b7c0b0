package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.KeyTable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * Data keys in one small SQLite file beside the folder of payloads, so that a backup can take the one without the other. Made when the first key is. Each change is forced
 * to the disk, and what is destroyed is overwritten with zeros; there is no write-ahead log in which it would live on.
 */
final class SqliteKeyTable implements KeyTable, AutoCloseable {
    static final String FILE_NAME = "payload-keys.db";
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(30);
    private static final String COLUMNS = "day, team, turn, id, root, sealed, shreds";
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS payload_key (
              day TEXT NOT NULL, team TEXT NOT NULL, turn INTEGER NOT NULL, id INTEGER NOT NULL,
              root INTEGER NOT NULL, sealed BLOB NOT NULL, shreds INTEGER NOT NULL,
              PRIMARY KEY (day, team, turn)) WITHOUT ROWID
            """;
    private static final Logger LOG = LoggerFactory.getLogger(SqliteKeyTable.class);

    private final Path file;
    private @Nullable Connection open;

    SqliteKeyTable(Path file) {
        this.file = file;
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private synchronized <T> T run(Work<T> work) throws IOException {
        try {
            Connection connection = open;
            if (connection == null) {
                connection = connect();
                open = connection;
            }
            return work.on(connection);
        } catch (SQLException failure) {
            close();
            throw new IOException("keys of payloads in " + file.getFileName() + ": " + failure.getMessage(), failure);
        }
    }

    private Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.DELETE);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        config.setPragma(Pragma.SECURE_DELETE, "true");
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        return connection;
    }

    @Override
    public List<Wrapped> of(LocalDate day, String team) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return run(connection -> {
            String sql = "SELECT " + COLUMNS + " FROM payload_key WHERE day = ? AND team = ? ORDER BY turn";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, day.toString());
                select.setString(2, team);
                List<Wrapped> keys = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        keys.add(new Wrapped(
                                day,
                                team,
                                row.getInt("turn"),
                                row.getInt("id"),
                                row.getInt("root"),
                                row.getBytes("sealed"),
                                row.getBoolean("shreds")));
                    }
                }
                return keys;
            }
        });
    }

    @Override
    public void add(Wrapped key) throws IOException {
        try {
            Files.createFile(file, SqlitePayloads.mode(file, "rw-------"));
        } catch (FileAlreadyExistsException known) {
            LOG.trace("{} is there", file);
        }
        int added = run(connection -> {
            String sql = "INSERT INTO payload_key (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)";
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                insert.setString(1, key.day().toString());
                insert.setString(2, key.team());
                insert.setInt(3, key.turn());
                insert.setInt(4, key.id());
                insert.setInt(5, key.root());
                insert.setBytes(6, key.sealed());
                insert.setBoolean(7, key.shreds());
                return insert.executeUpdate();
            }
        });
        LOG.debug("{} key was made for the payloads of {}", added, key.day());
    }

    @Override
    public void destroy(Wrapped key) throws IOException {
        int gone = run(connection -> {
            // By its id too: a turn alone could be another key's by now.
            String sql = "DELETE FROM payload_key WHERE day = ? AND team = ? AND turn = ? AND id = ?";
            try (PreparedStatement delete = connection.prepareStatement(sql)) {
                delete.setString(1, key.day().toString());
                delete.setString(2, key.team());
                delete.setInt(3, key.turn());
                delete.setInt(4, key.id());
                return delete.executeUpdate();
            }
        });
        LOG.debug("{} key of the payloads of {} is destroyed", gone, key.day());
    }

    @Override
    public void destroyBefore(LocalDate first) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        int gone = run(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM payload_key WHERE day < ?")) {
                delete.setString(1, first.toString());
                return delete.executeUpdate();
            }
        });
        LOG.debug("{} keys of payloads before {} are destroyed", gone, first);
    }

    @Override
    public List<TeamDay> unfinished() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return run(connection -> {
            String sql = "SELECT DISTINCT newer.day, newer.team FROM payload_key newer JOIN payload_key older"
                    + " ON older.day = newer.day AND older.team = newer.team AND older.turn < newer.turn"
                    + " WHERE newer.shreds ORDER BY newer.day, newer.team";
            try (PreparedStatement select = connection.prepareStatement(sql);
                    ResultSet row = select.executeQuery()) {
                List<TeamDay> unfinished = new ArrayList<>();
                while (row.next()) {
                    unfinished.add(new TeamDay(LocalDate.parse(row.getString(1)), row.getString(2)));
                }
                return unfinished;
            }
        });
    }

    @Override
    public synchronized void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException failure) {
                LOG.warn("{} did not close: {}", file, failure.getMessage());
            }
        }
    }
}
