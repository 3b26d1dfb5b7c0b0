package dev.tollgate.store.sqlite;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.ExchangeChange;
import dev.tollgate.audit.ExchangeChange.Begun;
import dev.tollgate.audit.ExchangeChange.Done;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.LostAttempt;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendKeys;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.store.EpochNanos;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fills the index from the journal. Rows and cursor change in one transaction, which first checks that the cursor is where it was read. */
final class SqliteAuditSink implements JournalTail.Sink {
    private static final long TIMEOUT_SECONDS = 60;
    private static final String ENDED_COLUMNS = "result, ended_segment, ended_offset, provider, model, input_tokens,"
            + " output_tokens, cost_nanos, saved_nanos, cache_read_tokens, cache_write_tokens, media_in_tokens,"
            + " reasoning_tokens, media_out_tokens, lost_nanos, tools_held, tools_approved, tools_denied";
    private static final String INSERT = """
            INSERT INTO exchange (id, received_at, received_segment, received_offset, team, agent, key, session,
              user, sub_agent, tags, held, approved, rules, %s)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET received_at = excluded.received_at,
              received_segment = excluded.received_segment, received_offset = excluded.received_offset,
              team = excluded.team, agent = excluded.agent, key = excluded.key, session = excluded.session,
              user = excluded.user, sub_agent = excluded.sub_agent, tags = excluded.tags, held = excluded.held,
              approved = excluded.approved, rules = excluded.rules
            """.formatted(ENDED_COLUMNS);
    private static final String INSERT_WITH_END = INSERT + ", " + each("excluded.");
    private static final String END = "UPDATE exchange SET " + each("") + " WHERE id = ?";
    private static final String LOST =
            "INSERT INTO lost_attempt (exchange, provider, model, cost_nanos) VALUES (?, ?, ?, ?)";
    /** Columns of an end. */
    private static final int ENDED = 18;
    /** Columns of a beginning. */
    private static final int BEGUN = 14;

    private static final String MOVE = """
            INSERT INTO audit_cursor (only, chain, seq, hash, segment, end_offset) VALUES (1, ?, ?, ?, ?, ?)
            ON CONFLICT (only) DO UPDATE SET chain = excluded.chain, seq = excluded.seq, hash = excluded.hash,
              segment = excluded.segment, end_offset = excluded.end_offset
            """;

    private final SqliteDatabase database;
    /** Used on the database's writing thread only. */
    private @Nullable Prepared prepared;

    SqliteAuditSink(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<Head> upTo() throws Exception {
        return database.read(SqliteAuditSink::cursor).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public boolean take(List<JournalEntry> batch, Optional<Head> after) throws Exception {
        Collection<ExchangeChange> changes = ExchangeChange.of(batch);
        Head upTo = Head.of(batch.getLast());
        return database.writeRepeatable(connection -> {
                    if (!cursor(connection).equals(after)) {
                        return false;
                    }
                    write(connection, changes);
                    move(connection, upTo);
                    return true;
                })
                .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private void write(Connection connection, Collection<ExchangeChange> changes) throws SQLException {
        Prepared prepared = prepared(connection);
        for (ExchangeChange change : changes) {
            if (change.begun() != null) {
                insert(change.done() == null ? prepared.insert : prepared.whole, change.begun(), change.done());
            } else if (change.done() != null) {
                ended(prepared.end, 1, change.done());
                prepared.end.setString(ENDED + 1, change.exchange());
                prepared.end.executeUpdate();
            }
            if (change.done() != null) {
                lost(connection, change.done().record());
            }
        }
    }

    private static void lost(Connection connection, Ended ended) throws SQLException {
        if (ended.lost().isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(LOST)) {
            for (LostAttempt attempt : ended.lost()) {
                insert.setString(1, ended.exchange().value());
                insert.setString(2, SpendKeys.provider(attempt.target()));
                insert.setString(3, attempt.target());
                insert.setLong(4, attempt.spend().amounts().nanos());
                insert.executeUpdate();
            }
        }
    }

    /** Statements live as long as the connection, which closes them. */
    private Prepared prepared(Connection connection) throws SQLException {
        Prepared known = prepared;
        if (known == null || !known.connection.equals(connection)) {
            known = new Prepared(
                    connection,
                    connection.prepareStatement(INSERT),
                    connection.prepareStatement(INSERT_WITH_END),
                    connection.prepareStatement(END));
            prepared = known;
        }
        return known;
    }

    private record Prepared(
            Connection connection, PreparedStatement insert, PreparedStatement whole, PreparedStatement end) {}

    private static void insert(PreparedStatement insert, Begun begun, @Nullable Done done) throws SQLException {
        Received received = begun.record();
        Position at = begun.entry().position();
        insert.setString(1, received.exchange().value());
        insert.setLong(2, EpochNanos.of(received.at()));
        insert.setLong(3, at.segment());
        insert.setLong(4, at.offset());
        insert.setString(5, received.team());
        insert.setString(6, received.agent());
        insert.setString(7, received.key());
        insert.setString(8, received.session());
        insert.setString(9, received.labels().user());
        insert.setString(10, received.labels().subAgent());
        insert.setString(11, tags(received.labels().tags()));
        insert.setInt(12, Spend.wasHeld(received) ? 1 : 0);
        insert.setInt(13, Spend.wasApproved(received) ? 1 : 0);
        insert.setString(14, rules(received));
        ended(insert, BEGUN + 1, done);
        insert.executeUpdate();
    }

    /** Sets the columns of an end, from {@code first} on; those of an open call where there is none. */
    private static void ended(PreparedStatement statement, int first, @Nullable Done done) throws SQLException {
        if (done == null) {
            statement.setString(first, AuditIndex.OPEN);
            statement.setNull(first + 1, Types.INTEGER);
            statement.setNull(first + 2, Types.INTEGER);
            statement.setString(first + 3, "");
            statement.setString(first + 4, "");
            statement.setLong(first + 5, 0);
            statement.setLong(first + 6, 0);
            statement.setNull(first + 7, Types.INTEGER);
            for (int column = 8; column < ENDED; column++) {
                statement.setLong(first + column, 0);
            }
            return;
        }
        Ended ended = done.record();
        Position at = done.entry().position();
        statement.setString(first, ended.result());
        statement.setLong(first + 1, at.segment());
        statement.setLong(first + 2, at.offset());
        statement.setString(first + 3, SpendKeys.provider(ended.target()));
        statement.setString(first + 4, ended.target());
        statement.setLong(first + 5, ended.usage().totalInput());
        statement.setLong(first + 6, ended.usage().totalOutput());
        NanoUsd cost = ended.cost();
        if (cost == null) {
            statement.setNull(first + 7, Types.INTEGER);
        } else {
            statement.setLong(first + 7, cost.nanos());
        }
        Usage used = ended.usage();
        statement.setLong(first + 8, ended.savedNanos());
        statement.setLong(first + 9, used.cacheRead());
        statement.setLong(first + 10, used.cacheWrite() + used.cacheWriteLong());
        statement.setLong(first + 11, used.audioInput() + used.imageInput());
        statement.setLong(first + 12, used.reasoning());
        statement.setLong(first + 13, used.audioOutput() + used.imageOutput());
        statement.setLong(first + 14, LostAttempt.sum(ended.lost()).nanos());
        ToolCount tools = ToolCount.of(ended.verdicts());
        statement.setLong(first + 15, tools.held());
        statement.setLong(first + 16, tools.approved());
        statement.setLong(first + 17, tools.denied());
    }

    private static String each(String from) {
        return Arrays.stream(ENDED_COLUMNS.split(", *"))
                .map(column -> column + " = " + (from.isEmpty() ? "?" : from + column))
                .collect(Collectors.joining(", "));
    }

    /** The rules that fired, each between blanks; empty where none did. Ids of rules have no blanks. */
    private static String rules(Received received) {
        StringBuilder rules = null;
        for (Verdict verdict : received.verdicts()) {
            for (String rule : verdict.rules()) {
                rules = rules == null ? new StringBuilder(" ") : rules;
                rules.append(rule).append(' ');
            }
        }
        return rules == null ? "" : rules.toString();
    }

    /** As JSON: names of tags have no character that would need an escape, values may. */
    private static String tags(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return "{}";
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        tags.forEach(json::put);
        return json.toString();
    }

    private static Optional<Head> cursor(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT chain, seq, hash, segment, end_offset FROM audit_cursor")) {
            return row.next()
                    ? Optional.of(new Head(
                            row.getString(1),
                            row.getLong(2),
                            row.getString(3),
                            new Position(row.getLong(4), row.getLong(5))))
                    : Optional.empty();
        }
    }

    private static void move(Connection connection, Head to) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE)) {
            move.setString(1, to.chain());
            move.setLong(2, to.sequence());
            move.setString(3, to.hash());
            move.setLong(4, to.end().segment());
            move.setLong(5, to.end().offset());
            move.executeUpdate();
        }
    }

    @Override
    public void restart() throws Exception {
        boolean done = database.write(connection -> {
                    try (Statement delete = connection.createStatement()) {
                        delete.executeUpdate("DELETE FROM exchange");
                        delete.executeUpdate("DELETE FROM audit_cursor");
                        return true;
                    }
                })
                .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (!done) {
            throw new IOException("the index was not cleared");
        }
    }
}
