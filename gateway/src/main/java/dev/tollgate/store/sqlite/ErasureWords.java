package dev.tollgate.store.sqlite;

import dev.tollgate.audit.payload.PayloadShelf.Erased;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who erased what and why: one row per exchange, and one per subject, whose names have a colon. */
final class ErasureWords {
    private static final String VALUES = " INTO erased (exchange, at, by, reason) VALUES (?, ?, ?, ?)";

    private final Connection connection;

    ErasureWords(Connection connection) {
        this.connection = connection;
    }

    Optional<Erased> of(String name) throws IOException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT at, by, reason FROM erased WHERE exchange = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Erased(name, Instant.parse(row.getString(1)), row.getString(2), row.getString(3)))
                        : Optional.empty();
            }
        } catch (SQLException failure) {
            throw SqliteDrawer.failed(failure);
        }
    }

    Map<String, Erased> of(Collection<String> names) throws IOException {
        if (isEmpty()) {
            return Map.of();
        }
        Map<String, Erased> found = new HashMap<>();
        for (String name : names) {
            of(name).ifPresent(word -> found.put(name, word));
        }
        return found;
    }

    private boolean isEmpty() throws IOException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM erased LIMIT 1");
                ResultSet row = select.executeQuery()) {
            return !row.next();
        } catch (SQLException failure) {
            throw SqliteDrawer.failed(failure);
        }
    }

    void replace(Erased word) throws IOException {
        insert("INSERT OR REPLACE", List.of(word));
    }

    /** What is there stays. */
    void add(List<Erased> words) throws IOException {
        insert("INSERT OR IGNORE", words);
    }

    private void insert(String how, List<Erased> words) throws IOException {
        try (PreparedStatement insert = connection.prepareStatement(how + VALUES)) {
            for (Erased word : words) {
                insert.setString(1, word.exchange());
                insert.setString(2, word.at().toString());
                insert.setString(3, word.by());
                insert.setString(4, word.reason());
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException failure) {
            throw SqliteDrawer.failed(failure);
        }
    }
}
