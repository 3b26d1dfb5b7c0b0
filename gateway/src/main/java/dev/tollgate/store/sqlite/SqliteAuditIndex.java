package dev.tollgate.store.sqlite;

import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.JournalReader;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.store.EpochNanos;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of a journal in SQLite: one row per exchange with what is asked for, and where in the journal its records lie. It can be deleted
 * at any time and is filled from the journal again.
 */
public final class SqliteAuditIndex implements AuditIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteAuditIndex.class);
    private static final int MAX_RECENT = 1000;
    /** Rows that are forgotten at once. */
    private static final int BATCH = 2000;

    private static final long TIMEOUT_SECONDS = 60;

    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "audit_index",
            List.of(
                    List.of(
                            """
                    CREATE TABLE exchange (
                      id TEXT NOT NULL UNIQUE,
                      received_at INTEGER NOT NULL,
                      received_segment INTEGER NOT NULL,
                      received_offset INTEGER NOT NULL,
                      team TEXT NOT NULL,
                      agent TEXT NOT NULL,
                      key TEXT NOT NULL,
                      session TEXT NOT NULL,
                      result TEXT NOT NULL DEFAULT 'open',
                      ended_segment INTEGER,
                      ended_offset INTEGER,
                      provider TEXT NOT NULL DEFAULT '',
                      model TEXT NOT NULL DEFAULT '',
                      input_tokens INTEGER NOT NULL DEFAULT 0,
                      output_tokens INTEGER NOT NULL DEFAULT 0,
                      cost_nanos INTEGER)
                    """,
                            "CREATE INDEX exchange_received ON exchange (received_at)",
                            "CREATE INDEX exchange_session ON exchange (session, received_at)",
                            "CREATE INDEX exchange_agent ON exchange (agent, received_at)",
                            """
                    CREATE TABLE audit_cursor (
                      only INTEGER PRIMARY KEY CHECK (only = 1),
                      chain TEXT NOT NULL,
                      seq INTEGER NOT NULL,
                      hash TEXT NOT NULL,
                      segment INTEGER NOT NULL,
                      end_offset INTEGER NOT NULL)
                    """),
                    // What is there is filled in anew from the journal.
                    List.of(
                            "DELETE FROM exchange",
                            "DELETE FROM audit_cursor",
                            "ALTER TABLE exchange ADD COLUMN user TEXT NOT NULL DEFAULT ''",
                            "ALTER TABLE exchange ADD COLUMN sub_agent TEXT NOT NULL DEFAULT ''",
                            "ALTER TABLE exchange ADD COLUMN tags TEXT NOT NULL DEFAULT '{}'",
                            "ALTER TABLE exchange ADD COLUMN held INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN saved_nanos INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN cache_read_tokens INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN cache_write_tokens INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN media_in_tokens INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN reasoning_tokens INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN media_out_tokens INTEGER NOT NULL DEFAULT 0"),
                    List.of(
                            "DELETE FROM exchange",
                            "DELETE FROM audit_cursor",
                            // Each between blanks; most calls fire none, and then cost this index nothing.
                            "ALTER TABLE exchange ADD COLUMN rules TEXT NOT NULL DEFAULT ''",
                            "CREATE INDEX exchange_rules ON exchange (received_at) WHERE rules <> ''"),
                    List.of(
                            "DELETE FROM exchange",
                            "DELETE FROM audit_cursor",
                            "ALTER TABLE exchange ADD COLUMN lost_nanos INTEGER NOT NULL DEFAULT 0",
                            """
                    CREATE TABLE lost_attempt (
                      exchange TEXT NOT NULL,
                      provider TEXT NOT NULL,
                      model TEXT NOT NULL,
                      cost_nanos INTEGER NOT NULL)
                    """,
                            "CREATE INDEX lost_attempt_exchange ON lost_attempt (exchange)",
                            "CREATE TRIGGER exchange_forgotten AFTER DELETE ON exchange WHEN OLD.lost_nanos <> 0"
                                    + " BEGIN DELETE FROM lost_attempt WHERE exchange = OLD.id; END"),
                    List.of(
                            "DELETE FROM exchange",
                            "DELETE FROM audit_cursor",
                            "ALTER TABLE exchange ADD COLUMN approved INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN tools_held INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN tools_approved INTEGER NOT NULL DEFAULT 0",
                            "ALTER TABLE exchange ADD COLUMN tools_denied INTEGER NOT NULL DEFAULT 0")));

    private static final String PLACES =
            "SELECT id, received_segment, received_offset, ended_segment, ended_offset FROM exchange WHERE ";

    private final SqliteDatabase database;
    private final Path journalFolder;

    /**
     * @param database opened with {@link #SCHEMA}
     * @param journalFolder where the records lie
     */
    public SqliteAuditIndex(SqliteDatabase database, Path journalFolder) {
        this.database = database;
        this.journalFolder = journalFolder;
    }

    /**
     * Forgets the exchanges that were received in these segments, a few thousand at a time so that others may write between.
     *
     * @param segment the last segment that is dropped
     */
    public void forgetUpTo(long segment) throws Exception {
        int forgotten = BATCH;
        while (forgotten == BATCH) {
            forgotten = database.write(connection -> {
                        // Rows stand in the order of the journal, so that the first ones are the oldest.
                        try (PreparedStatement delete =
                                connection.prepareStatement("DELETE FROM exchange WHERE rowid IN"
                                        + " (SELECT rowid FROM exchange ORDER BY rowid LIMIT " + BATCH
                                        + ") AND received_segment <= ?")) {
                            delete.setLong(1, segment);
                            return delete.executeUpdate();
                        }
                    })
                    .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** What a {@link JournalTail} feeds. */
    public JournalTail.Sink sink() {
        return new SqliteAuditSink(database);
    }

    @Override
    public Future<List<ExchangeRow>> recent(Filter filter, int limit) {
        return database.read(connection -> {
            StringBuilder sql = new StringBuilder(PLACES).append("received_at < ?");
            List<String> values = new ArrayList<>();
            equal("agent", filter.agent(), sql, values);
            equal("team", filter.team(), sql, values);
            equal("session", filter.session(), sql, values);
            equal("result", filter.result(), sql, values);
            equal("model", filter.model(), sql, values);
            if (!filter.rule().isEmpty()) {
                sql.append(" AND rules <> '' AND instr(rules, ?) > 0");
                values.add(' ' + filter.rule() + ' ');
            }
            if (filter.minCostNanos() > 0) {
                sql.append(" AND cost_nanos >= ").append(filter.minCostNanos());
            }
            sql.append(" ORDER BY received_at DESC, rowid DESC LIMIT ?");
            try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
                int next = 1;
                select.setLong(next++, EpochNanos.of(filter.before()));
                for (String value : values) {
                    select.setString(next++, value);
                }
                select.setInt(next, Math.min(limit, MAX_RECENT));
                return rows(select);
            }
        });
    }

    private static void equal(String column, String value, StringBuilder sql, List<String> values) {
        if (!value.isEmpty()) {
            sql.append(" AND ").append(column).append(" = ?");
            values.add(value);
        }
    }

    @Override
    public Future<Optional<ExchangeRow>> find(String exchangeId) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(PLACES + "id = ?")) {
                select.setString(1, exchangeId);
                return rows(select).stream().findFirst();
            }
        });
    }

    @Override
    public Future<AgentPast> past(AgentPast.Question question) {
        return database.read(connection -> PastSelect.run(connection, question, this::rows));
    }

    private List<ExchangeRow> rows(PreparedStatement select) throws SQLException {
        List<ExchangeRow> rows = new ArrayList<>();
        try (ResultSet found = select.executeQuery()) {
            while (found.next()) {
                row(found).ifPresent(rows::add);
            }
        }
        return rows;
    }

    private Optional<ExchangeRow> row(ResultSet found) throws SQLException {
        Position received = new Position(found.getLong(2), found.getLong(3));
        long endedSegment = found.getLong(4);
        Optional<Position> ended =
                found.wasNull() ? Optional.empty() : Optional.of(new Position(endedSegment, found.getLong(5)));
        try {
            Received first =
                    (Received) JournalReader.entryAt(journalFolder, received).record();
            Optional<Ended> second = Optional.empty();
            if (ended.isPresent()) {
                second = Optional.of((Ended)
                        JournalReader.entryAt(journalFolder, ended.get()).record());
            }
            return Optional.of(new ExchangeRow(first, second));
        } catch (IOException | ClassCastException gone) {
            LOG.warn("exchange {} is in the index, but not in the journal: {}", found.getString(1), gone.toString());
            return Optional.empty();
        }
    }

    @Override
    public Future<List<SessionRow>> sessions(SessionQuery query) {
        return database.read(connection -> SessionSelect.run(connection, query));
    }

    @Override
    public Future<List<SpendGroup>> spend(SpendQuery query) {
        return database.read(connection -> SpendSelect.run(connection, query));
    }
}
