package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadShelf.Additions;
import dev.tollgate.audit.payload.PayloadShelf.Drawer;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Marked;
import dev.tollgate.audit.payload.PayloadShelf.Node;
import dev.tollgate.audit.payload.PayloadShelf.Piece;
import dev.tollgate.audit.payload.PayloadShelf.Place;
import dev.tollgate.audit.payload.PayloadShelf.Removal;
import dev.tollgate.audit.payload.PayloadShelf.Resealed;
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
            "CREATE TABLE IF NOT EXISTS piece (id BLOB NOT NULL UNIQUE, mark INTEGER NOT NULL,"
                    + " sealed BLOB NOT NULL)",
            "CREATE TABLE IF NOT EXISTS node (id BLOB PRIMARY KEY, parent BLOB NOT NULL, piece BLOB NOT NULL,"
                    + " mark INTEGER NOT NULL)"
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

    private final Connection connection;
    private final ErasureWords words;
    private final Marks marks;
    private final PayloadRows rows;
    private boolean hasRemoved;

    SqliteDrawer(Connection connection) {
        this.connection = connection;
        this.words = new ErasureWords(connection);
        this.marks = new Marks(connection);
        this.rows = new PayloadRows(connection);
    }

    /** Makes the tables that are not there. */
    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (String table : TABLES) {
                statement.execute(table);
            }
            Marks.prepare(statement, "piece");
            Marks.prepare(statement, "node");
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
                "SELECT parent, piece, mark FROM node WHERE id = ?",
                List.of(id),
                (same, row) -> found.add(
                        new Node(same, PieceId.of(row.getBytes(1)), PieceId.of(row.getBytes(2)), row.getLong(3))));
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
                        connection.prepareStatement("INSERT OR IGNORE INTO piece (id, mark, sealed) VALUES (?, ?, ?)");
                PreparedStatement node = connection.prepareStatement(
                        "INSERT OR IGNORE INTO node (id, parent, piece, mark) VALUES (?, ?, ?, ?)");
                PreparedStatement row = connection.prepareStatement(PayloadRows.INSERT)) {
            for (Map.Entry<PieceId, Piece> one : additions.pieces().entrySet()) {
                piece.setBytes(1, one.getKey().bytes());
                piece.setLong(2, one.getValue().mark());
                piece.setBytes(3, one.getValue().sealed());
                piece.addBatch();
            }
            piece.executeBatch();
            for (Node one : additions.nodes()) {
                node.setBytes(1, one.id().bytes());
                node.setBytes(2, one.parent().bytes());
                node.setBytes(3, one.piece().bytes());
                node.setLong(4, one.mark());
                node.addBatch();
            }
            node.executeBatch();
            for (Row one : additions.rows()) {
                PayloadRows.set(row, one);
                row.addBatch();
            }
            row.executeBatch();
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public Optional<Row> row(long nanos, String exchange, Part part) throws IOException {
        return rows.find(nanos, exchange, part);
    }

    @Override
    public List<Row> rows(Subject subject, Place behind, int limit) throws IOException {
        return rows.of(subject, behind, limit);
    }

    @Override
    public long count(long nanos) throws IOException {
        return rows.count(nanos);
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
        hasRemoved |= !removal.rows().isEmpty()
                || !removal.nodes().isEmpty()
                || !removal.pieces().isEmpty();
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

    @Override
    public Marked marked(Set<Long> wanted) throws IOException {
        try {
            return marks.of(wanted);
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void reseal(Resealed resealed) throws IOException {
        // Also if there is nothing: what was sealed anew before may not be on the disk yet.
        hasRemoved = true;
        try {
            marks.replace(resealed);
        } catch (SQLException failure) {
            throw failed(failure);
        }
    }

    static IOException failed(SQLException failure) {
        return new IOException("the payload store: " + failure.getMessage(), failure);
    }
}
