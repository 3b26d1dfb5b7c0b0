package dev.tollgate.store.sqlite;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketText;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tickets as rows. */
final class TicketRows {
    static final List<String> TABLE = List.of(
            """
            CREATE TABLE tickets (
                id TEXT PRIMARY KEY,
                fingerprint TEXT NOT NULL,
                exchange TEXT NOT NULL,
                key_id TEXT NOT NULL,
                agent TEXT NOT NULL,
                team TEXT NOT NULL,
                session TEXT NOT NULL,
                model TEXT NOT NULL,
                rule TEXT NOT NULL,
                reason TEXT NOT NULL,
                summary TEXT NOT NULL,
                estimate_nanos INTEGER,
                created_at INTEGER NOT NULL,
                deadline INTEGER NOT NULL,
                state TEXT NOT NULL,
                decided_by TEXT,
                decided_at INTEGER,
                note TEXT)""",
            "CREATE INDEX tickets_by_fingerprint ON tickets (fingerprint, deadline)",
            "CREATE INDEX tickets_by_state ON tickets (state, created_at)",
            "CREATE INDEX tickets_by_deadline ON tickets (state, deadline)");

    /** What was added when tickets came to have details. */
    static final List<String> DETAILS = List.of("ALTER TABLE tickets ADD COLUMN details TEXT");

    /** What was added when other sessions came to take tickets over. */
    static final List<String> ANY_SESSION = List.of(
            "ALTER TABLE tickets ADD COLUMN any_session TEXT",
            "CREATE INDEX tickets_by_any_session ON tickets (any_session, deadline)");

    /** What was added when the calls of a turn came to share a ticket. */
    static final List<String> TURN = List.of(
            "ALTER TABLE tickets ADD COLUMN turn TEXT",
            "CREATE INDEX tickets_by_turn ON tickets (turn, deadline) WHERE turn <> ''");

    private static final String COLUMNS =
            "id, fingerprint, exchange, key_id, agent, team, session, model, rule, reason,"
                    + " summary, estimate_nanos, created_at, deadline, state, decided_by, decided_at, note, details, any_session, turn";

    private TicketRows() {}

    static void insert(Connection connection, Ticket ticket) throws SQLException {
        String sql = "INSERT INTO tickets (" + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, ticket.id().value());
            insert.setString(2, ticket.fingerprint());
            insert.setString(3, ticket.exchange().value());
            insert.setString(4, ticket.key());
            insert.setString(5, ticket.agent());
            insert.setString(6, ticket.team());
            insert.setString(7, ticket.session());
            insert.setString(8, ticket.model());
            insert.setString(9, ticket.rule());
            insert.setString(10, ticket.reason());
            insert.setString(11, ticket.summary());
            setNanos(insert, 12, ticket.estimate());
            Columns.set(insert, 13, ticket.createdAt());
            Columns.set(insert, 14, ticket.deadline());
            insert.setString(15, ticket.state().name());
            insert.setString(16, ticket.decidedBy());
            Columns.set(insert, 17, ticket.decidedAt());
            insert.setString(18, ticket.note());
            insert.setString(19, TicketText.write(ticket.details()));
            insert.setString(20, ticket.details().anySession());
            insert.setString(21, ticket.details().turn().digest());
            insert.executeUpdate();
        }
    }

    /** Writes what a change of state changes. */
    static void update(Connection connection, Ticket ticket) throws SQLException {
        String sql =
                "UPDATE tickets SET deadline = ?, state = ?, decided_by = ?, decided_at = ?, note = ?, details = ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            Columns.set(update, 1, ticket.deadline());
            update.setString(2, ticket.state().name());
            update.setString(3, ticket.decidedBy());
            Columns.set(update, 4, ticket.decidedAt());
            update.setString(5, ticket.note());
            update.setString(6, TicketText.write(ticket.details()));
            update.setString(7, ticket.id().value());
            update.executeUpdate();
        }
    }

    /** Lets a ticket stand for the call of another session. */
    static void pass(Connection connection, Ticket ticket) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE tickets SET fingerprint = ? WHERE id = ?")) {
            update.setString(1, ticket.fingerprint());
            update.setString(2, ticket.id().value());
            update.executeUpdate();
        }
    }

    /** Runs a statement that yields whole rows. */
    static List<Ticket> read(PreparedStatement statement) throws SQLException {
        List<Ticket> tickets = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tickets.add(ticket(row));
            }
        }
        return tickets;
    }

    private static Ticket ticket(ResultSet row) throws SQLException {
        return new Ticket(
                new TicketId(row.getString("id")),
                row.getString("fingerprint"),
                new ExchangeId(row.getString("exchange")),
                row.getString("key_id"),
                row.getString("agent"),
                row.getString("team"),
                row.getString("session"),
                row.getString("model"),
                row.getString("rule"),
                row.getString("reason"),
                row.getString("summary"),
                nanos(row),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("deadline")),
                Ticket.State.valueOf(row.getString("state")),
                row.getString("decided_by"),
                Columns.get(row, "decided_at"),
                row.getString("note"),
                TicketText.details(row.getString("details")));
    }

    private static void setNanos(PreparedStatement statement, int index, @Nullable NanoUsd amount) throws SQLException {
        if (amount == null) {
            statement.setNull(index, Types.INTEGER);
        } else {
            statement.setLong(index, amount.nanos());
        }
    }

    private static @Nullable NanoUsd nanos(ResultSet row) throws SQLException {
        long nanos = row.getLong("estimate_nanos");
        return row.wasNull() ? null : new NanoUsd(nanos);
    }
}
