package dev.tollgate.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Columns in columns: milliseconds since 1970, or NULL. */
final class Columns {
    private Columns() {}

    static void set(PreparedStatement statement, int index, @Nullable Instant moment) throws SQLException {
        if (moment == null) {
            statement.setNull(index, Types.INTEGER);
        } else {
            statement.setLong(index, moment.toEpochMilli());
        }
    }

    static @Nullable Instant get(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
