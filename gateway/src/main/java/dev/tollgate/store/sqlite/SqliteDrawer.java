package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadShelf.Additions;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Place;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.audit.payload.PieceId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The payloads of one day in one SQLite file, within one transaction. */
final class SqliteDrawer implements Drawer {
    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS piece (id BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL)",
            "CREATE TABLE IF NOT EXISTS node (id BLOB PRIMARY KEY, parent BLOB NOT NULL, piece BLOB NOT NULL)"
                    + " WITHOUT ROWID",
            """
            CREATE TABLE IF NOT EXISTS payload (
              nanos INTEGER NOT NULL, exchange TEXT NOT NULL, part INTEGER NOT NULL, team TEXT NOT NULL,
              agent TEXT NOT NULL, session TEXT NOT NULL, user TEXT NOT NULL, sealed BLOB NOT NULL,
              PRIMARY KEY (nanos, exchange, part)) WITHOUT ROWID
            """,
            "CREATE INDEX IF NOT EXISTS payload_session ON payload (session) WHERE session <> ''",
            "CREATE TABLE IF NOT EXISTS erased (exchange TEXT PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL,"
                    + " reason TEXT NOT NULL) WITHOUT ROWID");
    private static final String COLUMNS = "nanos, exchange, part, team, agent, session, user, sealed";

    private final Connection connection;
    private final ErasureWords words;
    private boolean hasRemoved;

    SqliteDrawer(Connection connection) {
        this.connection = connection;
        this.words = new ErasureWords(connection);
    }

    /** Makes the tables that are not there. */
    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (String table : TABLES) {
                statement.execute(table);
            }
            statement.execute("COMMIT");
        }
    }

    @Override
    public Set<PieceId> nodes(Collection<PieceId> ids) throws IOException {
        return there("SELECT 1 FROM node WHERE id = ?", ids);
    }

    @Override
    public Set<PieceId> pieces(Collection<PieceId> ids) throws IOException {
        return there("SELECT 1 FROM piece WHERE id = ?", ids);
    }

    private Set<PieceId> there(String sql, Collection<PieceId> ids) throws IOException {
        Set<PieceId> there = new HashSet<>();
        each(sql, ids, (id, row) -> there.add(id));
        return there;
    }

    @Override
    public Map<PieceId, byte[]> sealed(Collection<PieceId> ids) throws IOException {
        Map<PieceId, byte[]> sealed = new HashMap<>();
        each("SELECT sealed FROM piece WHERE id = ?", ids, (id, row) -> sealed.put(id, row.getBytes(1)));
        return sealed;
    }

    @Override
    public Optional<Node> node(PieceId id) throws IOException {
        List<Node> found = new ArrayList<>();
        each(
                "SELECT parent, piece FROM node WHERE id = ?",
                List.of(id),
                (same, row) -> found.add(new Node(same, PieceId.of(row.getBytes(1)), PieceId.of(row.getBytes(2)))));
        return found.stream().findFirst();
    }

    private interface RowTaker {
        void take(PieceId id, ResultSet row) throws SQLException;
    }

    private void each(String sql, Collection<PieceId> ids, RowTaker taker) throws IOException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (PieceId id : ids) {
                select.setBytes(1, id.bytes());
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        taker.take(id, row);
                    }
                }
            }
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void put(Additions additions) throws IOException {
        try (PreparedStatement piece =
                        connection.prepareStatement("INSERT OR IGNORE INTO piece (id, sealed) VALUES (?, ?)");
                PreparedStatement node =
                        connection.prepareStatement("INSERT OR IGNORE INTO node (id, parent, piece) VALUES (?, ?, ?)");
                PreparedStatement row = connection.prepareStatement(
                        "INSERT OR IGNORE INTO payload (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Map.Entry<PieceId, byte[]> one : additions.pieces().entrySet()) {
                piece.setBytes(1, one.getKey().bytes());
                piece.setBytes(2, one.getValue());
                piece.addBatch();
            }
            piece.executeBatch();
            for (Node one : additions.nodes()) {
                node.setBytes(1, one.id().bytes());
                node.setBytes(2, one.parent().bytes());
                node.setBytes(3, one.piece().bytes());
                node.addBatch();
            }
            node.executeBatch();
            for (Row one : additions.rows()) {
                set(row, one);
                row.addBatch();
            }
            row.executeBatch();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    private static void set(PreparedStatement insert, Row row) throws SQLException {
        insert.setLong(1, row.nanos());
        insert.setString(2, row.exchange());
        insert.setInt(3, row.part().code());
        insert.setString(4, row.team());
        insert.setString(5, row.agent());
        insert.setString(6, row.session());
        insert.setString(7, row.user());
        insert.setBytes(8, row.sealed());
    }

    @Override
    public Optional<Row> row(long nanos, String exchange, Part part) throws IOException {
        String sql = "SELECT " + COLUMNS + " FROM payload WHERE nanos = ? AND exchange = ? AND part = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, nanos);
            select.setString(2, exchange);
            select.setInt(3, part.code());
            return read(select).stream().findFirst();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public List<Row> rows(Subject subject, Place behind, int limit) throws IOException {
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
            throw failed(failure);
        }
    }

    @Override
    public long count(long nanos) throws IOException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM payload WHERE nanos < ?")) {
            count.setLong(1, nanos);
            try (ResultSet counted = count.executeQuery()) {
                return counted.next() ? counted.getLong(1) : 0;
            }
        } catch (SQLException failure) {
            throw failed(failure);
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

    @Override
    public Optional<Erased> erased(String exchange) throws IOException {
        return words.of(exchange);
    }

    @Override
    public void bar(Erased word) throws IOException {
        words.replace(word);
    }

    @Override
    public Map<String, Erased> barred(Collection<String> subjects) throws IOException {
        return words.of(subjects);
    }

    /** Whether anything was taken out. */
    boolean hasRemoved() {
        return hasRemoved;
    }

    @Override
    public void remove(Removal removal) throws IOException {
        hasRemoved = true;
        try (PreparedStatement row =
                connection.prepareStatement("DELETE FROM payload WHERE nanos = ? AND exchange = ? AND part = ?")) {
            for (Row one : removal.rows()) {
                row.setLong(1, one.nanos());
                row.setString(2, one.exchange());
                row.setInt(3, one.part().code());
                row.addBatch();
            }
            row.executeBatch();
            words.add(removal.erased());
            delete("DELETE FROM node WHERE id = ?", removal.nodes());
            delete("DELETE FROM piece WHERE id = ?", removal.pieces());
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    private void delete(String sql, Set<PieceId> ids) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            for (PieceId id : ids) {
                delete.setBytes(1, id.bytes());
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    static IOException failed(SQLException failure) {
        return new IOException("the payload store: " + failure.getMessage(), failure);
    }
}
