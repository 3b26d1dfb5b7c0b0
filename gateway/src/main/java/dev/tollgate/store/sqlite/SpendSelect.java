package dev.tollgate.store.sqlite;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.store.EpochNanos;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A question about spend as SQL. */
final class SpendSelect {
    /** Most rows read where days and hours are made of quarters of an hour. */
    private static final int MAX_QUARTERS = 500_000;

    /** Columns that are no keys. */
    private static final int SUMS = 17;

    private static final String LOST = """
            , 0, 0, 0, 0, sum(lost.cost_nanos) AS cost, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
            FROM lost_attempt AS lost JOIN exchange ON exchange.id = lost.exchange WHERE received_at >= ? AND received_at < ?
            """;

    private final SpendQuery query;
    /** Whether it is about attempts that were lost. */
    private final boolean isOfLost;

    private final List<String> values = new ArrayList<>();

    private SpendSelect(SpendQuery query, boolean isOfLost) {
        this.query = query;
        this.isOfLost = isOfLost;
    }

    static List<SpendGroup> run(Connection connection, SpendQuery query) throws SQLException {
        List<SpendGroup> groups = new SpendSelect(query, false).run(connection);
        return query.asksWhatServed()
                ? SpendQuery.together(groups, new SpendSelect(query, true).run(connection))
                : groups;
    }

    private List<SpendGroup> run(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql())) {
            int next = 1;
            for (GroupKey key : query.by()) {
                if (!key.tag().isEmpty()) {
                    select.setString(next++, path(key));
                }
            }
            select.setLong(next++, EpochNanos.of(query.from()));
            select.setLong(next++, EpochNanos.of(query.to()));
            for (String value : values) {
                select.setString(next++, value);
            }
            select.setInt(next, query.needsQuarters() ? MAX_QUARTERS : AuditIndex.MAX_SPEND_ROWS);
            List<SpendGroup> groups = groups(select);
            return query.needsQuarters() ? query.folded(groups) : groups;
        }
    }

    private String sql() {
        StringBuilder sql = new StringBuilder("SELECT ");
        StringBuilder group = new StringBuilder(" GROUP BY ");
        StringBuilder order = new StringBuilder(" ORDER BY cost DESC");
        int column = 1;
        for (GroupKey key : query.by()) {
            sql.append(column == 1 ? "" : ", ").append(expression(key));
            group.append(column == 1 ? "" : ", ").append(column);
            order.append(", ").append(column++);
        }
        sql.append(isOfLost ? LOST : sums(query.asksWhatServed() ? "lost_nanos" : "0"));
        for (Map.Entry<GroupKey, String> only : query.only().entrySet()) {
            sql.append(" AND ").append(expression(only.getKey())).append(" = ?");
            if (!only.getKey().tag().isEmpty()) {
                values.add(path(only.getKey()));
            }
            values.add(only.getValue());
        }
        return sql.append(group).append(order).append(" LIMIT ?").toString();
    }

    /** @param elsewhere what of a call's cost is told elsewhere */
    private static String sums(String elsewhere) {
        return """
            , count(*), sum(result = 'denied'), sum(held), sum(result <> 'open' AND cost_nanos IS NULL),
              coalesce(sum(cost_nanos - %s), 0) AS cost, sum(saved_nanos),
              sum(input_tokens - cache_read_tokens - cache_write_tokens - media_in_tokens), sum(cache_read_tokens),
              sum(cache_write_tokens), sum(media_in_tokens), sum(output_tokens - reasoning_tokens - media_out_tokens),
              sum(reasoning_tokens), sum(media_out_tokens), sum(approved), sum(tools_held), sum(tools_approved),
              sum(tools_denied)
            FROM exchange WHERE received_at >= ? AND received_at < ?
            """.formatted(elsewhere);
    }

    private static List<SpendGroup> groups(PreparedStatement select) throws SQLException {
        List<SpendGroup> groups = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            int keys = row.getMetaData().getColumnCount() - SUMS;
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= keys; i++) {
                    String value = row.getString(i);
                    values.add(value == null ? "" : value);
                }
                groups.add(new SpendGroup(values, spend(row, keys)));
            }
        }
        return groups;
    }

    private static Spend spend(ResultSet row, int keys) throws SQLException {
        long[] sums = new long[SUMS];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = row.getLong(keys + 1 + i);
        }
        return new Spend(
                sums[0],
                sums[1],
                sums[2],
                sums[3],
                sums[4],
                sums[5],
                sums[6],
                sums[7],
                sums[8],
                sums[9],
                sums[10],
                sums[11],
                sums[12],
                sums[13],
                new ToolCount(sums[14], sums[15], sums[16]));
    }

    /** Names of tags have letters, digits, dots, dashes and underscores only. */
    private static String path(GroupKey key) {
        return "$.\"" + key.tag() + "\"";
    }

    private String expression(GroupKey key) {
        return switch (key.dimension()) {
            case TEAM -> "team";
            case AGENT -> "agent";
            case KEY -> "key";
            case SESSION -> "session";
            case USER -> "user";
            case SUB_AGENT -> "sub_agent";
            case TAG -> "coalesce(json_extract(tags, ?), '')";
            case PROVIDER -> isOfLost ? "lost.provider" : "provider";
            case MODEL -> isOfLost ? "lost.model" : "model";
            case DAY -> time("'%Y-%m-%d'");
            case HOUR -> time("'%Y-%m-%dT%H'");
        };
    }

    private String time(String format) {
        return query.needsQuarters()
                ? "received_at / " + SpendQuery.QUARTER_NANOS
                : "strftime(" + format + ", received_at / 1000000000, 'unixepoch')";
    }
}
