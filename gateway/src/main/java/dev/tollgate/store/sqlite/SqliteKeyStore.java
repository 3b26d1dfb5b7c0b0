package dev.tollgate.store.sqlite;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Keys in SQLite. Every process that changes a key counts the shared revision up before and after the change, so that what another process
 * read before, or while it was under way, is not trusted afterwards.
 */
public final class SqliteKeyStore implements KeyStore {
    public static final SqliteSchema SCHEMA =
            new SqliteSchema("keys", List.of(List.of("""
                    CREATE TABLE keys (
                        id TEXT PRIMARY KEY,
                        hash TEXT NOT NULL UNIQUE,
                        agent TEXT NOT NULL,
                        team TEXT NOT NULL,
                        models TEXT NOT NULL,
                        providers TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        expires_at INTEGER,
                        revoked_at INTEGER)""", "CREATE INDEX keys_by_age ON keys (created_at)")));

    private static final String REVISION_FILE = "keys.revision";
    private static final String BETWEEN_SCOPES = "\n";

    private final SqliteDatabase database;
    private final SharedRevision revision;

    private SqliteKeyStore(SqliteDatabase database, SharedRevision revision) {
        this.database = database;
        this.revision = revision;
    }

    /**
     * Blocks.
     *
     * @param database opened with {@link #SCHEMA}
     */
    public static SqliteKeyStore open(SqliteDatabase database) throws IOException {
        return new SqliteKeyStore(database, SharedRevision.open(database.file().resolveSibling(REVISION_FILE)));
    }

    @Override
    public OptionalLong revision() {
        return OptionalLong.of(revision.get());
    }

    @Override
    public Future<Optional<Key>> findByHash(String hash) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT * FROM keys WHERE hash = ?")) {
                select.setString(1, hash);
                return keys(select).stream().findFirst();
            }
        });
    }

    @Override
    public Future<Optional<Key>> find(KeyId id) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT * FROM keys WHERE id = ?")) {
                select.setString(1, id.value());
                return keys(select).stream().findFirst();
            }
        });
    }

    @Override
    public Future<Void> add(Key key) {
        return changing(connection -> {
                    String sql =
                            "INSERT INTO keys (id, hash, agent, team, models, providers, created_at, expires_at, revoked_at)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
                    try (PreparedStatement insert = connection.prepareStatement(sql)) {
                        insert.setString(1, key.id().value());
                        insert.setString(2, key.hash());
                        insert.setString(3, key.agent().value());
                        insert.setString(4, key.team().value());
                        insert.setString(5, joined(key.scopes().models()));
                        insert.setString(6, joined(key.scopes().providers()));
                        Columns.set(insert, 7, key.createdAt());
                        Columns.set(insert, 8, key.expiresAt());
                        Columns.set(insert, 9, key.revokedAt());
                        return insert.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Boolean> revoke(KeyId id, Instant at) {
        return changing(connection -> {
            String sql = "UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?";
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                Columns.set(update, 1, at);
                update.setString(2, id.value());
                return update.executeUpdate() > 0;
            }
        });
    }

    @Override
    public Future<Boolean> endBy(KeyId id, Instant at) {
        return changing(connection -> {
            String sql = "UPDATE keys SET expires_at = min(coalesce(expires_at, ?), ?) WHERE id = ?";
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                Columns.set(update, 1, at);
                Columns.set(update, 2, at);
                update.setString(3, id.value());
                return update.executeUpdate() > 0;
            }
        });
    }

    @Override
    public Future<List<Key>> list(int limit) {
        return database.read(connection -> {
            String sql = "SELECT * FROM keys ORDER BY created_at DESC, rowid DESC LIMIT ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setInt(1, limit);
                return keys(select);
            }
        });
    }

    private <T> Future<T> changing(SqliteDatabase.Work<T> work) {
        // Without the first count a process that reads the old row now would trust it under the count of the change
        // itself.
        revision.next();
        return database.write(work).andThen(done -> revision.next());
    }

    private static List<Key> keys(PreparedStatement select) throws SQLException {
        List<Key> keys = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                keys.add(new Key(
                        new KeyId(row.getString("id")),
                        row.getString("hash"),
                        new AgentId(row.getString("agent")),
                        new TeamId(row.getString("team")),
                        new Scopes(split(row.getString("models")), split(row.getString("providers"))),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        Columns.get(row, "expires_at"),
                        Columns.get(row, "revoked_at")));
            }
        }
        return keys;
    }

    /** Nothing stands for no limit, so that a name that would get lost or split in storage must not be taken. */
    private static String joined(Set<String> names) throws SQLException {
        for (String name : names) {
            if (name.isBlank() || name.contains(BETWEEN_SCOPES)) {
                throw new SQLException("a scope is blank or holds a line break");
            }
        }
        return String.join(BETWEEN_SCOPES, names);
    }

    private static Set<String> split(String names) {
        return names.isEmpty() ? Set.of() : Set.of(names.split(BETWEEN_SCOPES));
    }
}
