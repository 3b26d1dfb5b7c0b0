package dev.tollgate.store.sqlite;

import dev.tollgate.Folders;
import dev.tollgate.MemoryGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a node keeps of held calls in a SQLite file of its own. */
public final class SqliteNodes implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("tollgate-sqlite");
    private final SqliteDatabase database =
            SqliteDatabase.open(folder, List.of(SqliteTicketStore.SCHEMA, SqliteKeptReplies.SCHEMA));

    public SqliteNodes() throws IOException {}

    /** For one node. */
    public MemoryGateway.Shared shared() {
        return new MemoryGateway.Shared(new SqliteTicketStore(database), new SqliteKeptReplies(database), null);
    }

    @Override
    public void close() throws IOException {
        database.close();
        Folders.delete(folder);
    }
}
