package dev.tollgate.store.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.payload.KeyTable;
import dev.tollgate.audit.payload.PayloadShelf;
import io.vertx.core.Future;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bson.Document;
import org.bson.types.Binary;

/**
 * Payloads in MongoDB, shared by several nodes: for each day three collections, {@code payload_rows_DAY}, {@code payload_nodes_DAY} and
 * {@code payload_pieces_DAY}, into which is only inserted; dropping a day drops them. Erasing needs a role that may remove from them and
 * update them, the gateway's needs not. Who changes a day holds its lock in {@code payload_locks} meanwhile, with a lease: else an erasure could take a piece away that another node
 * has just found to be there.
 */
public final class MongoPayloads implements PayloadShelf {
    static final String ROWS = "payload_rows_";
    static final String NODES = "payload_nodes_";
    static final String PIECES = "payload_pieces_";
    private static final String SECRETS = "payload_secrets";
    private static final int SECRET_BYTES = 32;
    private static final int MAX_COLLECTIONS = 200_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MongoConnection connection;
    private final InstantSource clock;
    private final MongoKeyTable keys;
    private final Set<LocalDate> prepared = new HashSet<>();
    private byte[] secret = new byte[0];

    /** @param connection stays open when this is closed */
    public MongoPayloads(MongoConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
        this.keys = new MongoKeyTable(connection);
    }

    @Override
    public <T> T change(LocalDate day, Work<T> work) throws IOException {
        prepare(day);
        try (DayLease lease = DayLease.take(connection, clock, day)) {
            return work.on(new MongoDrawer(connection, day, lease));
        }
    }

    private synchronized void prepare(LocalDate day) throws IOException {
        if (prepared.isEmpty()) {
            keys.prepare();
        }
        if (prepared.add(day)) {
            MongoCollection<Document> rows = connection.collection(ROWS + day);
            await(MongoConnection.done(rows.createIndex(Indexes.ascending("nanos", "exchange", "part"))));
            await(MongoConnection.done(rows.createIndex(Indexes.ascending("session", "nanos"))));
        }
    }

    @Override
    public <T> Optional<T> read(LocalDate day, Work<T> work) throws IOException {
        return Optional.of(work.on(new MongoDrawer(connection, day, null)));
    }

    @Override
    public List<LocalDate> days() throws IOException {
        List<LocalDate> days = new ArrayList<>();
        for (String name : await(connection.collectionNames(MAX_COLLECTIONS))) {
            if (name.startsWith(ROWS)) {
                day(name.substring(ROWS.length())).ifPresent(days::add);
            }
        }
        return days.stream().sorted().toList();
    }

    private static Optional<LocalDate> day(String name) {
        try {
            return Optional.of(LocalDate.parse(name));
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Long> drop(LocalDate day) throws IOException {
        if (!days().contains(day)) {
            return Optional.empty();
        }
        // Rows last: as long as they are there, the day is found and dropped again.
        for (String name : List.of(PIECES, NODES, ROWS)) {
            await(MongoConnection.done(connection.collection(name + day).drop()));
        }
        synchronized (this) {
            prepared.remove(day);
        }
        return Optional.of(0L);
    }

    @Override
    public synchronized byte[] secret() throws IOException {
        if (secret.length == 0) {
            byte[] made = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(made);
            Optional<Document> known = await(MongoConnection.first(connection
                    .collection(SECRETS)
                    .findOneAndUpdate(
                            Filters.eq("_id", "names"),
                            Updates.setOnInsert("secret", new Binary(made)),
                            new FindOneAndUpdateOptions()
                                    .upsert(true)
                                    .returnDocument(com.mongodb.client.model.ReturnDocument.AFTER))));
            secret = known.orElseThrow(() -> new IOException("MongoDB did not keep the secret for names"))
                    .get("secret", Binary.class)
                    .getData();
        }
        return secret.clone();
    }

    @Override
    public KeyTable keys() {
        return keys;
    }

    static <T> T await(Future<T> answer) throws IOException {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("payloads in MongoDB: " + cause.getMessage(), cause);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ending);
        }
    }

    @Override
    public void close() {
        // The connection is its opener's.
    }
}
