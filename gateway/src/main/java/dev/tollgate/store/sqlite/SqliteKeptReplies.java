package dev.tollgate.store.sqlite;

import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Replies that wait for a person, in SQLite. */
public final class SqliteKeptReplies implements KeptReplies {
    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "kept_replies", List.of(List.of("""
            CREATE TABLE kept_replies (
                fingerprint TEXT PRIMARY KEY,
                exchange TEXT NOT NULL,
                target TEXT NOT NULL,
                content_type TEXT NOT NULL,
                body BLOB NOT NULL,
                until INTEGER NOT NULL)""", "CREATE INDEX kept_replies_by_end ON kept_replies (until)")));

    private final SqliteDatabase database;

    /**
     * @param database opened with {@link #SCHEMA}
     */
    public SqliteKeptReplies(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Void> put(KeptReply reply, Instant now) {
        return database.write(connection -> {
                    try (PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM kept_replies WHERE until <= ?")) {
                        Columns.set(delete, 1, now);
                        delete.executeUpdate();
                    }
                    String sql = "INSERT OR REPLACE INTO kept_replies"
                            + " (fingerprint, exchange, target, content_type, body, until) VALUES (?, ?, ?, ?, ?, ?)";
                    try (PreparedStatement insert = connection.prepareStatement(sql)) {
                        insert.setString(1, reply.fingerprint());
                        insert.setString(2, reply.exchange());
                        insert.setString(3, reply.target());
                        insert.setString(4, reply.contentType());
                        insert.setBytes(5, reply.body());
                        Columns.set(insert, 6, reply.until());
                        return insert.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Optional<KeptReply>> find(String fingerprint, Instant now) {
        return database.read(connection -> {
            String sql = "SELECT * FROM kept_replies WHERE fingerprint = ? AND until > ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, fingerprint);
                Columns.set(select, 2, now);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new KeptReply(
                                    fingerprint,
                                    row.getString("exchange"),
                                    row.getString("target"),
                                    row.getString("content_type"),
                                    row.getBytes("body"),
                                    Instant.ofEpochMilli(row.getLong("until"))))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public Future<Void> drop(String fingerprint) {
        return database.write(connection -> {
                    try (PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM kept_replies WHERE fingerprint = ?")) {
                        delete.setString(1, fingerprint);
                        return delete.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Future<Boolean> any(Instant now) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT 1 FROM kept_replies WHERE until > ? LIMIT 1")) {
                Columns.set(select, 1, now);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }
}
