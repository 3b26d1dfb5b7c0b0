package dev.tollgate.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of one component and how they came to be. A file that is behind is brought up step by step when it is opened.
 *
 * @param component names it, such as {@code keys}
 * @param steps SQL statements, one list per version; a step that was ever released is never changed, the next one is added behind it
 */
public record SqliteSchema(String component, List<List<String>> steps) {
    private static final String VERSIONS =
            "CREATE TABLE IF NOT EXISTS schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID";

    public SqliteSchema {
        steps = steps.stream().map(List::copyOf).toList();
    }

    /** Brings the tables up to the last step, within the connection's open transaction. */
    void apply(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(VERSIONS);
            int version = version(connection);
            if (version > steps.size()) {
                throw new SQLException("the tables of " + component + " have version " + version
                        + ", this program knows versions up to " + steps.size() + ": it was written by a newer one");
            }
            for (List<String> step : steps.subList(version, steps.size())) {
                for (String sql : step) {
                    statement.execute(sql);
                }
            }
            if (version < steps.size()) {
                keepVersion(connection);
            }
        }
    }

    private int version(Connection connection) throws SQLException {
        String sql = "SELECT version FROM schema_version WHERE component = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, component);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    private void keepVersion(Connection connection) throws SQLException {
        String sql = "INSERT INTO schema_version (component, version) VALUES (?, ?)"
                + " ON CONFLICT (component) DO UPDATE SET version = excluded.version";
        try (PreparedStatement upsert = connection.prepareStatement(sql)) {
            upsert.setString(1, component);
            upsert.setInt(2, steps.size());
            upsert.executeUpdate();
        }
    }
}
