package dev.tollgate.store.sqlite;

import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.store.EpochNanos;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question about the past of an agent as selects. */
final class PastSelect {
    /** Its newest calls; all else is asked of these. */
    private static final String LATELY = """
            WITH lately AS (SELECT * FROM exchange
              WHERE agent = ? AND team = ? AND received_at >= ? AND received_at < ?
              ORDER BY received_at DESC LIMIT %d)
            """.formatted(AgentPast.MAX_CALLS);

    private static final String COUNTS = LATELY + """
            SELECT min(received_at), count(*), sum(held), sum(approved), sum(held = 0 AND result = 'denied'),
              sum(tools_held), sum(tools_approved), sum(tools_denied)
            FROM lately
            """;

    private static final String ASKED = LATELY + """
            SELECT id, received_segment, received_offset, ended_segment, ended_offset
            FROM lately WHERE held > 0 OR tools_held > 0 ORDER BY received_at DESC LIMIT ?
            """;

    private static final String FIRST =
            "SELECT received_at FROM exchange WHERE agent = ? AND team = ? ORDER BY received_at LIMIT 1";

    private PastSelect() {}

    /** Reads the records that a select names. */
    @FunctionalInterface
    interface Rows {
        List<ExchangeRow> of(PreparedStatement select) throws SQLException;
    }

    static AgentPast run(Connection connection, AgentPast.Question question, Rows rows) throws SQLException {
        Instant first = first(connection, question);
        if (first == null) {
            return AgentPast.NONE;
        }
        List<ExchangeRow> asked = asked(connection, question, rows);
        try (PreparedStatement select = connection.prepareStatement(COUNTS)) {
            set(select, question);
            try (ResultSet sums = select.executeQuery()) {
                sums.next();
                long since = sums.getLong(1);
                return new AgentPast(
                        first,
                        sums.wasNull() ? null : EpochNanos.toInstant(since),
                        sums.getLong(2),
                        sums.getLong(3),
                        sums.getLong(4),
                        sums.getLong(5),
                        new ToolCount(sums.getLong(6), sums.getLong(7), sums.getLong(8)),
                        asked);
            }
        }
    }

    private static @Nullable Instant first(Connection connection, AgentPast.Question question) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIRST)) {
            select.setString(1, question.agent());
            select.setString(2, question.team());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? EpochNanos.toInstant(row.getLong(1)) : null;
            }
        }
    }

    private static List<ExchangeRow> asked(Connection connection, AgentPast.Question question, Rows rows)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ASKED)) {
            set(select, question);
            select.setInt(5, question.asked());
            return rows.of(select);
        }
    }

    private static void set(PreparedStatement select, AgentPast.Question question) throws SQLException {
        select.setString(1, question.agent());
        select.setString(2, question.team());
        select.setLong(3, EpochNanos.of(question.from()));
        select.setLong(4, EpochNanos.of(question.before()));
    }
}
