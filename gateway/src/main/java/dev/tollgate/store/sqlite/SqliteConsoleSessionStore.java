package dev.tollgate.store.sqlite;

import dev.tollgate.identity.ConsoleSession;
import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.identity.ConsoleSession.Proof.ByToken;
import dev.tollgate.identity.ConsoleSessionStore;
import io.vertx.core.Future;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who is signed in to the console, in SQLite. */
public final class SqliteConsoleSessionStore implements ConsoleSessionStore {
    public static final SqliteSchema SCHEMA = new SqliteSchema("console_sessions", List.of(List.of("""
                    CREATE TABLE console_sessions (
                        hash TEXT PRIMARY KEY,
                        fingerprint TEXT NOT NULL,
                        issuer TEXT NOT NULL,
                        subject TEXT NOT NULL,
                        provider_session TEXT NOT NULL,
                        name TEXT NOT NULL,
                        groups TEXT NOT NULL,
                        begun_at INTEGER NOT NULL,
                        used_at INTEGER NOT NULL,
                        notice TEXT NOT NULL) WITHOUT ROWID""")));

    private static final String BETWEEN_GROUPS = "\n";

    private final SqliteDatabase database;

    /**
     * @param database opened with {@link #SCHEMA}
     */
    public SqliteConsoleSessionStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Void> begin(ConsoleSession session, int most) {
        String insert =
                "INSERT INTO console_sessions (hash, fingerprint, issuer, subject, provider_session, name, groups,"
                        + " begun_at, used_at, notice) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        String bound = "DELETE FROM console_sessions WHERE hash IN"
                + " (SELECT hash FROM console_sessions WHERE hash <> ? ORDER BY used_at DESC LIMIT -1 OFFSET ?)";
        return database.write(connection -> {
                    try (PreparedStatement keep = connection.prepareStatement(insert);
                            PreparedStatement forget = connection.prepareStatement(bound)) {
                        keep.setString(1, session.hash());
                        set(keep, session.proof());
                        Columns.set(keep, 8, session.begunAt());
                        Columns.set(keep, 9, session.usedAt());
                        keep.setString(10, session.notice());
                        forget.setString(1, session.hash());
                        forget.setInt(2, most - 1);
                        return keep.executeUpdate() + forget.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Optional<ConsoleSession>> find(String hash) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT * FROM console_sessions WHERE hash = ?")) {
                select.setString(1, hash);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(session(row)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public Future<Void> touch(String hash, Instant usedAt) {
        return change(
                "UPDATE console_sessions SET used_at = max(used_at, ?) WHERE hash = ?", usedAt.toEpochMilli(), hash);
    }

    @Override
    public Future<Void> tell(String hash, String notice) {
        return change("UPDATE console_sessions SET notice = ? WHERE hash = ?", notice, hash);
    }

    @Override
    public Future<Void> end(String hash) {
        return change("DELETE FROM console_sessions WHERE hash = ?", hash);
    }

    @Override
    public Future<Integer> endOf(String issuer, String subject, String session, Instant begunUntil) {
        return count(
                "DELETE FROM console_sessions WHERE issuer = ? AND issuer <> '' AND (subject = ? OR ? = '')"
                        + " AND (provider_session = ? OR ? = '') AND begun_at <= ?",
                issuer,
                subject,
                subject,
                session,
                session,
                begunUntil.toEpochMilli());
    }

    @Override
    public Future<Void> sweep(Instant begunBefore, Instant usedBefore) {
        return change(
                "DELETE FROM console_sessions WHERE begun_at < ? OR used_at < ?",
                begunBefore.toEpochMilli(),
                usedBefore.toEpochMilli());
    }

    private Future<Void> change(String sql, Object... values) {
        return count(sql, values).mapEmpty();
    }

    private Future<Integer> count(String sql, Object... values) {
        return database.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate();
            }
        });
    }

    private static void set(PreparedStatement insert, Proof proof) throws SQLException {
        List<String> columns = switch (proof) {
            case ByToken(String fingerprint) -> List.of(fingerprint, "", "", "", "", "");
            case ByProvider(String issuer, String subject, String session, String name, Set<String> groups) ->
                List.of("", issuer, subject, session, name, String.join(BETWEEN_GROUPS, groups));
        };
        for (int i = 0; i < columns.size(); i++) {
            insert.setString(i + 2, columns.get(i));
        }
    }

    private static ConsoleSession session(ResultSet row) throws SQLException {
        String fingerprint = row.getString("fingerprint");
        String groups = row.getString("groups");
        Proof proof = fingerprint.isEmpty()
                ? new ByProvider(
                        row.getString("issuer"),
                        row.getString("subject"),
                        row.getString("provider_session"),
                        row.getString("name"),
                        groups.isEmpty() ? Set.of() : Set.of(groups.split(BETWEEN_GROUPS, -1)))
                : new ByToken(fingerprint);
        return new ConsoleSession(
                row.getString("hash"),
                proof,
                Instant.ofEpochMilli(row.getLong("begun_at")),
                Instant.ofEpochMilli(row.getLong("used_at")),
                row.getString("notice"));
    }
}
