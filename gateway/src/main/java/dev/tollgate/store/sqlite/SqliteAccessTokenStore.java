package dev.tollgate.store.sqlite;

import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Future;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tokens of the console's API in SQLite. */
public final class SqliteAccessTokenStore implements AccessTokenStore {
    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "access_tokens", List.of(List.of("""
                    CREATE TABLE access_tokens (
                        id TEXT PRIMARY KEY,
                        hash TEXT NOT NULL UNIQUE,
                        name TEXT NOT NULL,
                        duties TEXT NOT NULL,
                        created_by TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        expires_at INTEGER,
                        revoked_at INTEGER)""", "CREATE INDEX access_tokens_by_age ON access_tokens (created_at)")));

    private static final String BETWEEN_DUTIES = "\n";
    private static final String BEFORE_TEAM = " ";

    private final SqliteDatabase database;

    /**
     * @param database opened with {@link #SCHEMA}
     */
    public SqliteAccessTokenStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Optional<AccessToken>> findByHash(String hash) {
        return one("SELECT * FROM access_tokens WHERE hash = ?", hash);
    }

    @Override
    public Future<Optional<AccessToken>> find(String id) {
        return one("SELECT * FROM access_tokens WHERE id = ?", id);
    }

    private Future<Optional<AccessToken>> one(String sql, String value) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, value);
                return tokens(select).stream().findFirst();
            }
        });
    }

    @Override
    public Future<Void> add(AccessToken token) {
        String sql =
                "INSERT INTO access_tokens (id, hash, name, duties, created_by, created_at, expires_at, revoked_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        return database.write(connection -> {
                    try (PreparedStatement insert = connection.prepareStatement(sql)) {
                        insert.setString(1, token.id());
                        insert.setString(2, token.hash());
                        insert.setString(3, token.name());
                        insert.setString(4, joined(token.duties()));
                        insert.setString(5, token.createdBy());
                        Columns.set(insert, 6, token.createdAt());
                        Columns.set(insert, 7, token.expiresAt());
                        Columns.set(insert, 8, token.revokedAt());
                        return insert.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Boolean> revoke(String id, Instant at) {
        String sql = "UPDATE access_tokens SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?";
        return database.write(connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                Columns.set(update, 1, at);
                update.setString(2, id);
                return update.executeUpdate() > 0;
            }
        });
    }

    @Override
    public Future<List<AccessToken>> list(int limit) {
        return database.read(connection -> {
            String sql = "SELECT * FROM access_tokens ORDER BY created_at DESC, rowid DESC LIMIT ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setInt(1, limit);
                return tokens(select);
            }
        });
    }

    private static List<AccessToken> tokens(PreparedStatement select) throws SQLException {
        List<AccessToken> tokens = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                tokens.add(new AccessToken(
                        row.getString("id"),
                        row.getString("hash"),
                        row.getString("name"),
                        split(row.getString("duties")),
                        row.getString("created_by"),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        Columns.get(row, "expires_at"),
                        Columns.get(row, "revoked_at")));
            }
        }
        return tokens;
    }

    /** Roles and teams hold no blanks: {@link AccessToken} sees to it. */
    private static String joined(List<Duty> duties) {
        return String.join(
                BETWEEN_DUTIES,
                duties.stream()
                        .map(duty -> duty.role() + BEFORE_TEAM + duty.team())
                        .toList());
    }

    private static List<Duty> split(String duties) {
        List<Duty> split = new ArrayList<>();
        for (String duty : duties.split(BETWEEN_DUTIES, -1)) {
            int blank = duty.indexOf(BEFORE_TEAM);
            split.add(new Duty(duty.substring(0, blank), duty.substring(blank + 1)));
        }
        return split;
    }
}
