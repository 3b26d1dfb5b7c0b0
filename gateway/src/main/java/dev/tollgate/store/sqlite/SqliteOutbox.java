package dev.tollgate.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.RecordReader;
import dev.tollgate.audit.RecordWriter;
import io.vertx.core.Future;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What was done beside the gateway and is to be on its log: a journal has one writer, so that a command leaves its records here, and the
 * gateway takes them over. Forced to the disk when {@link #put} succeeds.
 */
public final class SqliteOutbox {
    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "audit_outbox",
            List.of(List.of("CREATE TABLE audit_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL)")));

    private final SqliteDatabase database;

    /** @param database opened with {@link #SCHEMA} */
    public SqliteOutbox(SqliteDatabase database) {
        this.database = database;
    }

    /**
     * @param id never used again
     * @param record what was done
     */
    public record Entry(long id, Administrative record) {}

    public Future<Void> put(Administrative record) {
        String json = new String(RecordWriter.write(record), UTF_8);
        return database.write(connection -> {
                    try (PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO audit_outbox (record) VALUES (?)")) {
                        insert.setString(1, json);
                        return insert.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    /** The oldest entries first. */
    public Future<List<Entry>> oldest(int limit) {
        return database.read(connection -> {
            List<Entry> entries = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, record FROM audit_outbox ORDER BY id LIMIT ?")) {
                select.setInt(1, limit);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        entries.add(new Entry(row.getLong(1), record(row.getString(2))));
                    }
                }
            }
            return entries;
        });
    }

    private static Administrative record(String json) throws SQLException {
        try {
            return (Administrative) RecordReader.read(json.getBytes(UTF_8));
        } catch (IOException | ClassCastException unreadable) {
            throw new SQLException("an entry of the outbox cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    public Future<Void> remove(long id) {
        return database.write(connection -> {
                    try (PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM audit_outbox WHERE id = ?")) {
                        delete.setLong(1, id);
                        return delete.executeUpdate();
                    }
                })
                .mapEmpty();
    }
}
