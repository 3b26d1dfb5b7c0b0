package dev.tollgate.store.sqlite;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replies that wait for a person, in SQLite. */
public final class SqliteKeptReplies implements KeptReplies {
    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "kept_replies",
            List.of(
                    List.of("""
            CREATE TABLE kept_replies (
                fingerprint TEXT PRIMARY KEY,
                exchange TEXT NOT NULL,
                target TEXT NOT NULL,
                content_type TEXT NOT NULL,
                body BLOB NOT NULL,
                until INTEGER NOT NULL)""", "CREATE INDEX kept_replies_by_end ON kept_replies (until)"),
                    List.of(
                            "ALTER TABLE kept_replies ADD COLUMN team TEXT NOT NULL DEFAULT ''",
                            "ALTER TABLE kept_replies ADD COLUMN agent TEXT NOT NULL DEFAULT ''",
                            "ALTER TABLE kept_replies ADD COLUMN session TEXT NOT NULL DEFAULT ''",
                            "ALTER TABLE kept_replies ADD COLUMN user TEXT NOT NULL DEFAULT ''",
                            "ALTER TABLE kept_replies ADD COLUMN came INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE kept_replies ADD COLUMN erased TEXT",
                            """
            CREATE TABLE kept_erasures (
                subject TEXT PRIMARY KEY,
                at INTEGER NOT NULL,
                by TEXT NOT NULL,
                reason TEXT NOT NULL)"""),
                    List.of(
                            "ALTER TABLE kept_replies ADD COLUMN any_session TEXT NOT NULL DEFAULT ''",
                            "CREATE INDEX kept_replies_by_any_session ON kept_replies (any_session, until)")));

    /** How long word of an erasure is left for what is still on its way: longer than any call waits. */
    private static final Duration WORD_LASTS = Duration.ofDays(30);

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
                    insert(connection, barred(connection, reply));
                    return true;
                })
                .mapEmpty();
    }

    private static void insert(Connection connection, KeptReply reply) throws SQLException {
        String sql = "INSERT OR REPLACE INTO kept_replies (fingerprint, exchange, target, content_type, body, until,"
                + " team, agent, session, user, came, erased, any_session) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        Erasure erased = reply.erased();
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, reply.fingerprint());
            insert.setString(2, reply.exchange());
            insert.setString(3, reply.target());
            insert.setString(4, reply.contentType());
            insert.setBytes(5, reply.body());
            Columns.set(insert, 6, reply.until());
            insert.setString(7, reply.owner().team());
            insert.setString(8, reply.owner().agent());
            insert.setString(9, reply.owner().session());
            insert.setString(10, reply.owner().user());
            Columns.set(insert, 11, reply.owner().at());
            insert.setString(12, erased == null ? null : erased.subject());
            insert.setString(13, reply.anySession());
            insert.executeUpdate();
        }
    }

    /** A reply as it may be kept: one whose subject was erased after its call came in may not be. */
    private static KeptReply barred(Connection connection, KeptReply reply) throws SQLException {
        for (String subject : reply.subjects()) {
            Erasure word = word(connection, subject);
            if (word != null && word.reaches(reply)) {
                return reply.erasedBy(word);
            }
        }
        return reply;
    }

    private static @Nullable Erasure word(Connection connection, String subject) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM kept_erasures WHERE subject = ?")) {
            select.setString(1, subject);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Erasure(
                                row.getString("subject"),
                                Instant.ofEpochMilli(row.getLong("at")),
                                row.getString("by"),
                                row.getString("reason"))
                        : null;
            }
        }
    }

    @Override
    public Future<Long> erase(Erasure word) {
        return database.write(connection -> {
                    leaveWord(connection, word);
                    long erased = 0;
                    for (KeptReply reply : of(connection, word)) {
                        if (word.reaches(reply)) {
                            insert(connection, reply.erasedBy(word));
                            erased++;
                        }
                    }
                    return erased;
                })
                .compose(erased -> database.writeBack().map(erased));
    }

    private static void leaveWord(Connection connection, Erasure word) throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement("DELETE FROM kept_erasures WHERE at < ?")) {
            Columns.set(forget, 1, word.at().minus(WORD_LASTS));
            forget.executeUpdate();
        }
        String sql = "INSERT OR REPLACE INTO kept_erasures (subject, at, by, reason) VALUES (?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, word.subject());
            Columns.set(insert, 2, word.at());
            insert.setString(3, word.by());
            insert.setString(4, word.reason());
            insert.executeUpdate();
        }
    }

    /** What is kept of a subject, without the bodies. */
    private static List<KeptReply> of(Connection connection, Erasure word) throws SQLException {
        String column = switch (word.kind()) {
            case "exchange" -> "exchange";
            case "team" -> "team";
            case "agent" -> "agent";
            case "session" -> "session";
            case "user" -> "user";
            default -> throw new IllegalArgumentException("nothing is kept by " + word.kind());
        };
        List<KeptReply> all = new ArrayList<>();
        String sql =
                "SELECT fingerprint, any_session, exchange, target, content_type, x'' AS body, until, team, agent, session, user,"
                        + " came, erased FROM kept_replies WHERE erased IS NULL AND " + column + " = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, word.name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(reply(row, null));
                }
            }
        }
        return all;
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
                            ? Optional.of(reply(row, erased(connection, row.getString("erased"))))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public Future<Optional<KeptReply>> findOfAnySession(String anySession, Instant now) {
        return database.read(connection -> {
            String sql = "SELECT * FROM kept_replies WHERE any_session = ? AND until > ? AND erased IS NULL"
                    + " ORDER BY came DESC LIMIT 1";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, anySession);
                Columns.set(select, 2, now);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(reply(row, null)) : Optional.empty();
                }
            }
        });
    }

    /** That something was erased is known for longer than by whom. */
    private static @Nullable Erasure erased(Connection connection, @Nullable String subject) throws SQLException {
        if (subject == null) {
            return null;
        }
        Erasure word = word(connection, subject);
        return word == null ? new Erasure(subject, Instant.EPOCH, "", "") : word;
    }

    private static KeptReply reply(ResultSet row, @Nullable Erasure erased) throws SQLException {
        KeptOwner owner = new KeptOwner(
                row.getString("team"),
                row.getString("agent"),
                row.getString("session"),
                row.getString("user"),
                Instant.ofEpochMilli(row.getLong("came")));
        return new KeptReply(
                row.getString("fingerprint"),
                row.getString("any_session"),
                row.getString("exchange"),
                row.getString("target"),
                row.getString("content_type"),
                row.getBytes("body"),
                Instant.ofEpochMilli(row.getLong("until")),
                owner,
                erased);
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
