package dev.tollgate.store.sqlite;

import dev.tollgate.approval.KeptReplies;
import dev.tollgate.store.KeptRepliesContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteKeptRepliesTest extends KeptRepliesContract {
    @TempDir
    private Path folder;

    private SqliteDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = SqliteDatabase.open(folder, List.of(SqliteKeptReplies.SCHEMA));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected KeptReplies store() {
        return new SqliteKeptReplies(database);
    }
}
