package dev.tollgate.store.sqlite;

import dev.tollgate.MemoryGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException stays) {
                    throw new UncheckedIOException(stays);
                }
            });
        }
    }
}
