package dev.tollgate.store.sqlite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollgate.audit.AuditIndex.SessionQuery;
import dev.tollgate.audit.AuditIndex.SessionRow;
import dev.tollgate.store.EpochNanos;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A question about sessions as a select. */
final class SessionSelect {
    private static final String SELECT = """
            SELECT session, team, json_group_array(DISTINCT agent),
              count(DISTINCT nullif(sub_agent, '')), min(received_at), max(received_at), count(*),
              sum(result = 'denied'), sum(held), sum(result NOT IN ('completed', 'denied', 'open')),
              coalesce(sum(cost_nanos), 0), sum(input_tokens), sum(output_tokens)
            FROM exchange
            WHERE session <> '' AND received_at >= ? AND received_at < ? AND (? = '' OR team = ?)
            GROUP BY session, team
            HAVING ? = '' OR sum(agent = ?) > 0
            ORDER BY max(received_at) DESC, session
            LIMIT ?
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private SessionSelect() {}

    static List<SessionRow> run(Connection connection, SessionQuery query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setLong(1, EpochNanos.of(query.from()));
            select.setLong(2, EpochNanos.of(query.to()));
            select.setString(3, query.team());
            select.setString(4, query.team());
            select.setString(5, query.agent());
            select.setString(6, query.agent());
            select.setInt(7, query.limit());
            List<SessionRow> rows = new ArrayList<>();
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
            return rows;
        }
    }

    private static SessionRow row(ResultSet found) throws SQLException {
        return new SessionRow(
                found.getString(1),
                found.getString(2),
                agents(found.getString(3)),
                found.getInt(4),
                EpochNanos.toInstant(found.getLong(5)),
                EpochNanos.toInstant(found.getLong(6)),
                found.getLong(7),
                found.getLong(8),
                found.getLong(9),
                found.getLong(10),
                found.getLong(11),
                found.getLong(12),
                found.getLong(13));
    }

    private static List<String> agents(String array) throws SQLException {
        try {
            return Arrays.stream(JSON.readValue(array, String[].class)).sorted().toList();
        } catch (JsonProcessingException foreign) {
            throw new SQLException("SQLite made no JSON array of the agents of a session", foreign);
        }
    }
}
