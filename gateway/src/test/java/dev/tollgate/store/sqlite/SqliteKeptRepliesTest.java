package dev.tollgate.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import dev.tollgate.store.KeptRepliesContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    @Test
    void erase_overwritesWhatWasSaid_onTheDisk() throws Exception {
        String said = "the barrier opens at dawn ".repeat(400);
        KeptOwner owner = new KeptOwner("search", "coder", "run-1", "", Instant.EPOCH);
        store().put(
                        new KeptReply(
                                "f1",
                                "",
                                "ex_1",
                                "m",
                                "text/plain",
                                said.getBytes(StandardCharsets.UTF_8),
                                Instant.EPOCH.plusSeconds(60),
                                owner,
                                null),
                        Instant.EPOCH)
                .await(20, TimeUnit.SECONDS);
        assertThat(onDisk()).contains("the barrier opens");

        long erased = store().erase(new Erasure("agent:coder", Instant.EPOCH, "ann", "asked"))
                .await(20, TimeUnit.SECONDS);

        assertThat(erased).isEqualTo(1);
        assertThat(onDisk()).doesNotContain("the barrier opens", "opens at dawn");
    }

    private String onDisk() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Override
    protected KeptReplies store() {
        return new SqliteKeptReplies(database);
    }
}
