package dev.tollgate.store.sqlite;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.store.GrantStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteGrantStoreTest extends GrantStoreContract {
    @TempDir
    private Path folder;

    private SqliteDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = SqliteDatabase.open(folder, List.of(SqliteGrantStore.SCHEMA));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected GrantStore store() {
        return new SqliteGrantStore(database);
    }
}
