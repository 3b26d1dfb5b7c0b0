package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.PayloadShelf.Marked;
import dev.tollgate.audit.payload.PayloadShelf.Resealed;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PieceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Whose pieces and nodes are, and with which key they are sealed. Files of earlier versions know it only of what was added since. */
final class Marks {
    private final Connection connection;

    Marks(Connection connection) {
        this.connection = connection;
    }

    /** Adds the column to a table that was made without it. */
    static void prepare(Statement statement, String table) throws SQLException {
        try (ResultSet known =
                statement.executeQuery("SELECT 1 FROM pragma_table_info('" + table + "') WHERE name = 'mark'")) {
            if (known.next()) {
                return;
            }
        }
        statement.execute("ALTER TABLE " + table + " ADD COLUMN mark INTEGER NOT NULL DEFAULT 0");
    }

    Marked of(Set<Long> marks) throws SQLException {
        Set<PieceId> pieces = new HashSet<>();
        Set<PieceId> nodes = new HashSet<>();
        for (long mark : marks) {
            collect("SELECT id FROM piece WHERE mark = ?", mark, pieces);
            collect("SELECT id FROM node WHERE mark = ?", mark, nodes);
        }
        return new Marked(pieces, nodes);
    }

    private void collect(String sql, long mark, Set<PieceId> into) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, mark);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    into.add(PieceId.of(row.getBytes(1)));
                }
            }
        }
    }

    void replace(Resealed resealed) throws SQLException {
        try (PreparedStatement piece =
                        connection.prepareStatement("UPDATE piece SET sealed = ?, mark = ? WHERE id = ?");
                PreparedStatement node = connection.prepareStatement("UPDATE node SET mark = ? WHERE id = ?");
                PreparedStatement row = connection.prepareStatement(
                        "UPDATE payload SET sealed = ? WHERE nanos = ? AND exchange = ? AND part = ?")) {
            for (Map.Entry<PieceId, byte[]> one : resealed.pieces().entrySet()) {
                piece.setBytes(1, one.getValue());
                piece.setLong(2, resealed.mark());
                piece.setBytes(3, one.getKey().bytes());
                piece.addBatch();
            }
            piece.executeBatch();
            for (PieceId one : resealed.nodes()) {
                node.setLong(1, resealed.mark());
                node.setBytes(2, one.bytes());
                node.addBatch();
            }
            node.executeBatch();
            for (Row one : resealed.rows()) {
                row.setBytes(1, one.sealed());
                row.setLong(2, one.nanos());
                row.setString(3, one.exchange());
                row.setInt(4, one.part().code());
                row.addBatch();
            }
            row.executeBatch();
        }
    }
}
