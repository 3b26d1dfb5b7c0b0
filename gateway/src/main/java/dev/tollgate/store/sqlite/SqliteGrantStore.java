package dev.tollgate.store.sqlite;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.StandingGrant.Use;
import dev.tollgate.approval.TicketText;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Standing grants in SQLite. Spending is atomic because SQLite lets one process write at a time. */
public final class SqliteGrantStore implements GrantStore {
    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "grants",
            List.of(List.of(
                    """
            CREATE TABLE grants (
                id TEXT PRIMARY KEY,
                agent TEXT NOT NULL,
                document TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                limit_nanos INTEGER,
                spent_nanos INTEGER NOT NULL DEFAULT 0,
                calls INTEGER NOT NULL DEFAULT 0,
                revoked_by TEXT,
                revoked_at INTEGER)""",
                    "CREATE INDEX grants_by_agent ON grants (agent, expires_at)",
                    "CREATE INDEX grants_by_age ON grants (created_at)")));

    private final SqliteDatabase database;

    /**
     * @param database opened with {@link #SCHEMA}
     */
    public SqliteGrantStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Void> add(StandingGrant grant) {
        return database.write(connection -> {
                    String sql = "INSERT INTO grants (id, agent, document, created_at, expires_at, limit_nanos)"
                            + " VALUES (?, ?, ?, ?, ?, ?)";
                    try (PreparedStatement insert = connection.prepareStatement(sql)) {
                        insert.setString(1, grant.id());
                        insert.setString(2, grant.scope().agent());
                        insert.setString(3, TicketText.write(grant.with(Use.NONE)));
                        Columns.set(insert, 4, grant.createdAt());
                        Columns.set(insert, 5, grant.expiresAt());
                        NanoUsd limit = grant.limit();
                        if (limit == null) {
                            insert.setNull(6, Types.INTEGER);
                        } else {
                            insert.setLong(6, limit.nanos());
                        }
                        return insert.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Optional<StandingGrant>> find(String id) {
        return database.read(connection -> byId(connection, id));
    }

    private static Optional<StandingGrant> byId(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM grants WHERE id = ?")) {
            select.setString(1, id);
            return read(select).stream().findFirst();
        }
    }

    @Override
    public Future<List<StandingGrant>> list(int limit) {
        return database.read(connection -> {
            String sql = "SELECT * FROM grants ORDER BY created_at DESC, rowid DESC LIMIT ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setInt(1, limit);
                return read(select);
            }
        });
    }

    @Override
    public Future<List<StandingGrant>> live(String agent, Instant now) {
        return database.read(connection -> {
            String sql = "SELECT * FROM grants WHERE agent = ? AND expires_at > ? AND revoked_at IS NULL"
                    + " ORDER BY created_at DESC, rowid DESC LIMIT " + MAX_LIVE;
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, agent);
                Columns.set(select, 2, now);
                return read(select);
            }
        });
    }

    @Override
    public Future<Boolean> take(String id, NanoUsd amount, Instant now) {
        return database.write(connection -> {
            String sql = "UPDATE grants SET spent_nanos = spent_nanos + ?1, calls = calls + 1"
                    + " WHERE id = ?2 AND expires_at > ?3 AND revoked_at IS NULL"
                    + " AND (limit_nanos IS NULL OR spent_nanos + ?1 <= limit_nanos)";
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setLong(1, amount.nanos());
                update.setString(2, id);
                Columns.set(update, 3, now);
                return update.executeUpdate() == 1;
            }
        });
    }

    @Override
    public Future<Void> settle(String id, long changeNanos) {
        return database.write(connection -> {
                    String sql = "UPDATE grants SET spent_nanos = max(0, spent_nanos + ?) WHERE id = ?";
                    try (PreparedStatement update = connection.prepareStatement(sql)) {
                        update.setLong(1, changeNanos);
                        update.setString(2, id);
                        return update.executeUpdate();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Optional<StandingGrant>> revoke(String id, String by, Instant at) {
        return database.write(connection -> {
            String sql = "UPDATE grants SET revoked_by = ?, revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, by);
                Columns.set(update, 2, at);
                update.setString(3, id);
                update.executeUpdate();
            }
            return byId(connection, id);
        });
    }

    private static List<StandingGrant> read(PreparedStatement statement) throws SQLException {
        List<StandingGrant> grants = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Use use = new Use(
                        new NanoUsd(row.getLong("spent_nanos")),
                        row.getLong("calls"),
                        row.getString("revoked_by"),
                        Columns.get(row, "revoked_at"));
                grants.add(TicketText.grant(row.getString("document")).with(use));
            }
        }
        return grants;
    }
}
