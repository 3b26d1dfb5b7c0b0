package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadShelf.Place;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of the table {@code payload} in the order of their calls. */
final class PayloadRows {
    private static final String COLUMNS = "nanos, exchange, part, team, agent, session, user, sealed";
    static final String INSERT = "INSERT OR IGNORE INTO payload (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    private final Connection connection;

    PayloadRows(Connection connection) {
        this.connection = connection;
    }

    static void set(PreparedStatement insert, Row row) throws SQLException {
        insert.setLong(1, row.nanos());
        insert.setString(2, row.exchange());
        insert.setInt(3, row.part().code());
        insert.setString(4, row.team());
        insert.setString(5, row.agent());
        insert.setString(6, row.session());
        insert.setString(7, row.user());
        insert.setBytes(8, row.sealed());
    }

    Optional<Row> find(long nanos, String exchange, Part part) throws IOException {
        String sql = "SELECT " + COLUMNS + " FROM payload WHERE nanos = ? AND exchange = ? AND part = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, nanos);
            select.setString(2, exchange);
            select.setInt(3, part.code());
            return read(select).stream().findFirst();
        } catch (SQLException failure) {
            throw SqliteDrawer.failed(failure);
        }
    }

    List<Row> of(Subject subject, Place behind, int limit) throws IOException {
        String column = column(subject.kind());
        String sql = "SELECT " + COLUMNS + " FROM payload WHERE (nanos, exchange, part) > (?, ?, ?)"
                + (column.isEmpty() ? "" : " AND " + column + " = ?")
                // Told twice, so that the partial index serves.
                + (column.equals("session") ? " AND session <> ''" : "")
                + " ORDER BY nanos, exchange, part LIMIT ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, behind.nanos());
            select.setString(2, behind.exchange());
            select.setInt(3, behind.equals(Place.START) ? -1 : behind.part().code());
            if (!column.isEmpty()) {
                select.setString(4, subject.name());
            }
            select.setInt(column.isEmpty() ? 4 : 5, limit);
            return read(select);
        } catch (SQLException failure) {
            throw SqliteDrawer.failed(failure);
        }
    }

    long count(long nanos) throws IOException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM payload WHERE nanos < ?")) {
            count.setLong(1, nanos);
            try (ResultSet counted = count.executeQuery()) {
                return counted.next() ? counted.getLong(1) : 0;
            }
        } catch (SQLException failure) {
            throw SqliteDrawer.failed(failure);
        }
    }

    private static String column(Subject.Kind kind) {
        return switch (kind) {
            case ALL -> "";
            case TEAM -> "team";
            case SESSION -> "session";
            case USER -> "user";
            case AGENT -> "agent";
            case EXCHANGE -> "exchange";
        };
    }

    private static List<Row> read(PreparedStatement select) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet found = select.executeQuery()) {
            while (found.next()) {
                rows.add(new Row(
                        found.getString(2),
                        Part.of(found.getInt(3)),
                        found.getLong(1),
                        found.getString(4),
                        found.getString(5),
                        found.getString(6),
                        found.getString(7),
                        found.getBytes(8)));
            }
        }
        return rows;
    }
}
