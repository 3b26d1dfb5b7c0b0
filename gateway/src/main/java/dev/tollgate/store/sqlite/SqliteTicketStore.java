package dev.tollgate.store.sqlite;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Tickets in SQLite. Changes of state are atomic because SQLite lets one process write at a time. */
public final class SqliteTicketStore implements TicketStore {
    public static final SqliteSchema SCHEMA = new SqliteSchema(
            "tickets", List.of(TicketRows.TABLE, TicketRows.DETAILS, TicketRows.ANY_SESSION, TicketRows.TURN));

    private static final String OVERDUE = " FROM tickets WHERE state = 'PENDING' AND deadline <= ? LIMIT " + MAX_IDS;

    private final SqliteDatabase database;

    /**
     * @param database opened with {@link #SCHEMA}
     */
    public SqliteTicketStore(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Ticket> openOrJoin(Ticket draft, Predicate<Ticket> isFree) {
        return database.write(connection -> {
            Optional<Ticket> standing = standing(connection, draft);
            if (standing.isPresent()) {
                return standing.get();
            }
            Optional<Ticket> free = free(connection, draft, isFree);
            if (free.isPresent()) {
                Ticket taken = free.get().passedTo(draft);
                TicketRows.pass(connection, taken);
                return taken;
            }
            TicketRows.insert(connection, draft);
            return draft;
        });
    }

    /** One of another session that stands for the same call, and that nobody waits for. */
    private static Optional<Ticket> free(Connection connection, Ticket draft, Predicate<Ticket> isFree)
            throws SQLException {
        if (draft.details().anySession().isEmpty()) {
            return Optional.empty();
        }
        String sql = "SELECT * FROM tickets INDEXED BY tickets_by_any_session WHERE any_session = ? AND deadline > ?"
                + " AND state IN ('PENDING', 'APPROVED', 'DENIED', 'EXPIRED')"
                + " ORDER BY state <> 'APPROVED', created_at, rowid LIMIT " + MAX_SAME;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, draft.details().anySession());
            Columns.set(select, 2, draft.createdAt());
            return TicketRows.read(select).stream()
                    .filter(other -> other.mayPassTo(draft) && isFree.test(other))
                    .findFirst();
        }
    }

    private static Optional<Ticket> standing(Connection connection, Ticket draft) throws SQLException {
        String sql =
                "SELECT * FROM tickets WHERE fingerprint = ? AND state IN ('PENDING', 'APPROVED', 'DENIED', 'EXPIRED')"
                        + " AND deadline > ? ORDER BY created_at DESC, rowid DESC LIMIT 1";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, draft.fingerprint());
            Columns.set(select, 2, draft.createdAt());
            return TicketRows.read(select).stream().findFirst();
        }
    }

    @Override
    public Future<Optional<Ticket>> find(TicketId id) {
        return database.read(connection -> byId(connection, id));
    }

    @Override
    public Future<List<Ticket>> ofTurn(String digest, Instant at) {
        return database.read(connection -> {
            // Said once more for the index, which has only those of turns.
            String sql =
                    "SELECT * FROM tickets INDEXED BY tickets_by_turn WHERE turn = ? AND turn <> '' AND deadline > ?"
                            + " ORDER BY created_at DESC, rowid DESC LIMIT " + MAX_SAME;
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, digest);
                Columns.set(select, 2, at);
                return TicketRows.read(select);
            }
        });
    }

    private static Optional<Ticket> byId(Connection connection, TicketId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM tickets WHERE id = ?")) {
            select.setString(1, id.value());
            return TicketRows.read(select).stream().findFirst();
        }
    }

    @Override
    public Future<List<Ticket>> list(State state, int limit) {
        return database.read(connection -> {
            String order = state == State.PENDING ? "created_at, rowid" : "created_at DESC, rowid DESC";
            String sql = "SELECT * FROM tickets WHERE state = ? ORDER BY " + order + " LIMIT ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, state.name());
                select.setInt(2, limit);
                return TicketRows.read(select);
            }
        });
    }

    @Override
    public Future<List<Ticket>> waitingForClients(Instant at, int limit) {
        return database.read(connection -> {
            // By their deadlines: by when they came, all that were ever lost would be looked at first.
            String sql =
                    "SELECT * FROM tickets INDEXED BY tickets_by_deadline WHERE state = 'APPROVED' AND deadline > ?"
                            + " ORDER BY created_at, rowid LIMIT ?";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                Columns.set(select, 1, at);
                select.setInt(2, limit);
                return TicketRows.read(select);
            }
        });
    }

    @Override
    public Future<Integer> forget(Instant before) {
        return database.write(connection -> {
            // Never a pending one, whatever its deadline: it is ended first, and on the record.
            String sql = "DELETE FROM tickets WHERE rowid IN (SELECT rowid FROM tickets"
                    + " WHERE state IN ('APPROVED', 'DENIED', 'EXPIRED', 'CONSUMED') AND deadline < ? LIMIT " + MAX_IDS
                    + ")";
            try (PreparedStatement delete = connection.prepareStatement(sql)) {
                Columns.set(delete, 1, before);
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public Future<Optional<Ticket>> amend(TicketId id, UnaryOperator<Ticket> change) {
        return database.write(connection -> {
            Optional<Ticket> found = byId(connection, id);
            if (found.isEmpty()) {
                return found;
            }
            Ticket changed = change.apply(found.get());
            if (!changed.equals(found.get())) {
                TicketRows.update(connection, changed);
            }
            return Optional.of(changed);
        });
    }

    @Override
    public Future<List<Ticket>> decidedAmong(Collection<TicketId> ids) {
        return database.read(connection -> {
            String places = String.join(", ", Collections.nCopies(ids.size(), "?"));
            String sql = "SELECT * FROM tickets WHERE state <> 'PENDING' AND id IN (" + places + ")";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                int index = 0;
                for (TicketId id : ids) {
                    index++;
                    select.setString(index, id.value());
                }
                return TicketRows.read(select);
            }
        });
    }

    @Override
    public Future<Boolean> consume(TicketId id, String fingerprint, Instant at) {
        return database.write(connection -> {
            String sql = "UPDATE tickets SET state = 'CONSUMED', fingerprint = ?"
                    + " WHERE id = ? AND state = 'APPROVED' AND deadline > ?";
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.setString(1, fingerprint);
                update.setString(2, id.value());
                Columns.set(update, 3, at);
                return update.executeUpdate() == 1;
            }
        });
    }

    @Override
    public Future<List<Ticket>> expire(Instant now) {
        // Asked every second: looks first, because a write waits in line behind everybody else's.
        return database.read(connection -> {
                    try (PreparedStatement select = connection.prepareStatement("SELECT *" + OVERDUE)) {
                        Columns.set(select, 1, now);
                        return TicketRows.read(select);
                    }
                })
                .compose(overdue -> overdue.isEmpty() ? Future.succeededFuture(overdue) : markExpired(now));
    }

    private Future<List<Ticket>> markExpired(Instant now) {
        return database.write(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT *" + OVERDUE)) {
                Columns.set(select, 1, now);
                List<Ticket> ended = new ArrayList<>();
                for (Ticket overdue : TicketRows.read(select)) {
                    Ticket ticket = overdue.timedOut(now);
                    TicketRows.update(connection, ticket);
                    ended.add(ticket);
                }
                return ended;
            }
        });
    }
}
