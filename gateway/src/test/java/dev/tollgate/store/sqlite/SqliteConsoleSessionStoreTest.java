package dev.tollgate.store.sqlite;

import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.store.ConsoleSessionStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteConsoleSessionStoreTest extends ConsoleSessionStoreContract {
    @TempDir
    private Path folder;

    private SqliteDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = SqliteDatabase.open(folder, List.of(SqliteConsoleSessionStore.SCHEMA));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected ConsoleSessionStore store() {
        return new SqliteConsoleSessionStore(database);
    }
}
