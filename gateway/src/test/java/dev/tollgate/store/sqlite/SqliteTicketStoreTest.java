package dev.tollgate.store.sqlite;

import dev.tollgate.approval.TicketStore;
import dev.tollgate.store.TicketStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTicketStoreTest extends TicketStoreContract {
    @TempDir
    private Path folder;

    private SqliteDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = SqliteDatabase.open(folder, List.of(SqliteTicketStore.SCHEMA));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    public TicketStore store() {
        return new SqliteTicketStore(database);
    }
}
