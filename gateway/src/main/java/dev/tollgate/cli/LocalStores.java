package dev.tollgate.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.SealedReplies;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.store.mongo.MongoAccessTokenStore;
import dev.tollgate.store.mongo.MongoAudit;
import dev.tollgate.store.mongo.MongoAuditIndex;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoGrantStore;
import dev.tollgate.store.mongo.MongoKeptReplies;
import dev.tollgate.store.mongo.MongoKeyStore;
import dev.tollgate.store.mongo.MongoPayloads;
import dev.tollgate.store.mongo.MongoTicketStore;
import dev.tollgate.store.sqlite.SqliteAccessTokenStore;
import dev.tollgate.store.sqlite.SqliteAuditIndex;
import dev.tollgate.store.sqlite.SqliteDatabase;
import dev.tollgate.store.sqlite.SqliteGrantStore;
import dev.tollgate.store.sqlite.SqliteKeptReplies;
import dev.tollgate.store.sqlite.SqliteKeyStore;
import dev.tollgate.store.sqlite.SqliteOutbox;
import dev.tollgate.store.sqlite.SqlitePayloads;
import dev.tollgate.store.sqlite.SqliteTicketStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The stores that the settings name, opened beside a gateway that may be running. */
final class LocalStores implements AutoCloseable {
    /** Who does what is done here. */
    static final String ACTOR = "cli:" + System.getProperty("user.name", "unknown");

    private static final long PATIENCE_SECONDS = 30;

    private final SqliteDatabase database;
    private final @Nullable MongoConnection mongo;
    private final Path journal;
    private final PayloadShelf shelf;
    private final PayloadKeys payloadKeys;
    private final Bundle settings;

    private LocalStores(SqliteDatabase database, @Nullable MongoConnection mongo, Bundle settings) throws IOException {
        Path folder = settings.server().dataFolder();
        this.settings = settings;
        this.database = database;
        this.mongo = mongo;
        this.journal = folder.resolve(Journal.FOLDER);
        this.shelf = mongo == null ? SqlitePayloads.open(folder) : new MongoPayloads(mongo, InstantSource.system());
        this.payloadKeys = PayloadKeys.parse(settings.payloads().key());
    }

    static LocalStores open(PolicyLoader loader) throws PolicyException, IOException {
        Bundle settings = loader.load().bundle();
        Path folder = settings.server().dataFolder();
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no data folder " + folder
                    + " here; start the gateway once, or name it with --set server.data_folder=DIR");
        }
        SqliteDatabase database = SqliteDatabase.open(
                folder,
                List.of(
                        SqliteKeyStore.SCHEMA,
                        SqliteAccessTokenStore.SCHEMA,
                        SqliteTicketStore.SCHEMA,
                        SqliteGrantStore.SCHEMA,
                        SqliteKeptReplies.SCHEMA,
                        SqliteAuditIndex.SCHEMA,
                        SqliteOutbox.SCHEMA));
        StorePolicy store = settings.store();
        String uri = store.mongo();
        MongoConnection mongo = uri == null ? null : MongoConnection.open(uri, store.mongoDatabase(), store.timeout());
        return new LocalStores(database, mongo, settings);
    }

    /** Where payloads lie. Closed with the stores. */
    PayloadShelf shelf() {
        return shelf;
    }

    /** The settings that name them. */
    Bundle settings() {
        return settings;
    }

    PayloadKeys payloadKeys() {
        return payloadKeys;
    }

    KeyStore keys() throws IOException {
        return mongo == null ? SqliteKeyStore.open(database) : new MongoKeyStore(mongo);
    }

    AccessTokenStore tokens() {
        return mongo == null ? new SqliteAccessTokenStore(database) : new MongoAccessTokenStore(mongo);
    }

    TicketStore tickets() {
        return mongo == null ? new SqliteTicketStore(database) : new MongoTicketStore(mongo);
    }

    /** Replies and originals that are kept while people decide. */
    KeptReplies replies() {
        return new SealedReplies(
                mongo == null ? new SqliteKeptReplies(database) : new MongoKeptReplies(mongo), payloadKeys);
    }

    GrantStore grants() {
        return mongo == null ? new SqliteGrantStore(database) : new MongoGrantStore(mongo);
    }

    /** Does something that belongs on the log: it is recorded first, and not done if it cannot be. */
    @CanIgnoreReturnValue
    <T> T recorded(String action, String subject, Map<String, String> details, Deed<T> deed) throws IOException {
        record(action, subject, details);
        try {
            return deed.run();
        } catch (IOException failure) {
            record(action + "_failed", subject, Map.of());
            throw failure;
        }
    }

    /** Something that is done to a store. */
    @FunctionalInterface
    interface Deed<T> {
        T run() throws IOException;
    }

    /** Leaves a record for the gateway of this data folder, which puts it on its log within a second, or when it starts. */
    void record(String action, String subject, Map<String, String> details) throws IOException {
        await(new SqliteOutbox(database).put(new Administrative(Instant.now(), action, ACTOR, subject, details)));
    }

    /** The index, with everything in it that this node has acknowledged. */
    AuditIndex index() throws IOException {
        SqliteAuditIndex local = new SqliteAuditIndex(database, journal);
        Optional<Head> head = Journal.headOf(journal);
        if (head.isPresent()) {
            catchUp(
                    mongo == null
                            ? local.sink()
                            : new MongoAudit(mongo, head.get().node()));
        }
        return mongo == null ? local : new MongoAuditIndex(mongo);
    }

    private void catchUp(JournalTail.Sink sink) throws IOException {
        try (JournalTail tail = new JournalTail(journal, () -> Journal.headOf(journal), sink, Duration.ZERO)) {
            tail.catchUp();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (Exception failure) {
            throw new IOException("the index cannot be brought up to date: " + failure.getMessage(), failure);
        }
    }

    /** Waits for an answer of a store. */
    static <T> T await(Future<T> answer) throws IOException {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("the store does not answer: " + cause.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        shelf.close();
        if (mongo != null) {
            mongo.close();
        }
        database.close();
    }
}
