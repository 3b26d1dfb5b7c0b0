package dev.tollgate.store.sqlite;

import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.store.AccessTokenStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteAccessTokenStoreTest extends AccessTokenStoreContract {
    @TempDir
    private Path folder;

    private SqliteDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = SqliteDatabase.open(folder, List.of(SqliteAccessTokenStore.SCHEMA));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected AccessTokenStore store() {
        return new SqliteAccessTokenStore(database);
    }
}
