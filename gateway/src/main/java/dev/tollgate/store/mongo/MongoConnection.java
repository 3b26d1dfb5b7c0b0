package dev.tollgate.store.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.event.CommandListener;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import dev.tollgate.store.CallerContext;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One client of one MongoDB database, shared by all stores over it. Writes are acknowledged by the majority of the replica set. Opening it
 * does not wait for the server: the first operation does, up to the timeout.
 */
public final class MongoConnection implements AutoCloseable {
    private final MongoClient client;
    private final MongoDatabase database;

    private MongoConnection(MongoClient client, MongoDatabase database) {
        this.client = client;
        this.database = database;
    }

    /**
     * @param uri {@code mongodb://…} or {@code mongodb+srv://…}
     * @param database name of the database
     * @param timeout longest wait for a server to be found, for a connection, and for one answer
     * @throws IllegalArgumentException if the URI is malformed
     */
    public static MongoConnection open(String uri, String database, Duration timeout) {
        return open(uri, database, timeout, List.of());
    }

    /** @param listeners told of every command */
    static MongoConnection open(String uri, String database, Duration timeout, List<CommandListener> listeners) {
        long millis = timeout.toMillis();
        MongoClientSettings settings = MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri))
                .applicationName("tollgate")
                .commandListenerList(listeners)
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(millis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket ->
                        socket.connectTimeout(millis, TimeUnit.MILLISECONDS).readTimeout(millis, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxWaitTime(millis, TimeUnit.MILLISECONDS))
                .build();
        MongoClient client = MongoClients.create(settings);
        return new MongoConnection(
                client, client.getDatabase(database).withWriteConcern(WriteConcern.MAJORITY.withJournal(true)));
    }

    public MongoCollection<Document> collection(String name) {
        return database.getCollection(name);
    }

    /** Names of collections, up to so many. */
    public Future<List<String>> collectionNames(int max) {
        return all(database.listCollectionNames(), max);
    }

    /** The first item, if there is one; the rest is not asked for. */
    public static <T> Future<Optional<T>> first(Publisher<T> publisher) {
        return all(publisher, 1).map(items -> items.stream().findFirst());
    }

    /** Up to {@code max} items in their order; the rest is not asked for. */
    public static <T> Future<List<T>> all(Publisher<T> publisher, int max) {
        Collector<T> collector = new Collector<>(max);
        publisher.subscribe(collector);
        return collector.caller.future();
    }

    /** Waits until the operation is done, whatever it yields. */
    public static Future<Void> done(Publisher<?> publisher) {
        return all(publisher, Integer.MAX_VALUE).mapEmpty();
    }

    /** What the server is, if it is none of MongoDB's and says so; empty otherwise. */
    Future<Optional<String>> standIn() {
        return first(database.runCommand(new Document("buildInfo", 1)))
                .map(told -> told.map(found -> found.get("ferretdbVersion")).map(version -> "FerretDB " + version));
    }

    /** Succeeds when the server answers. */
    public Future<Void> ping() {
        return done(database.runCommand(new Document("ping", 1)));
    }

    @Override
    public void close() {
        client.close();
    }

    /** Signals of one subscriber come one after the other, so that plain fields do. */
    private static final class Collector<T> implements Subscriber<T> {
        private final CallerContext<List<T>> caller = new CallerContext<>();
        private final List<T> items = new ArrayList<>();
        private final int max;
        private Optional<Subscription> subscription = Optional.empty();

        Collector(int max) {
            this.max = max;
        }

        @Override
        public void onSubscribe(Subscription started) {
            subscription = Optional.of(started);
            started.request(max);
        }

        @Override
        public void onNext(T item) {
            items.add(item);
            if (items.size() == max) {
                subscription.ifPresent(Subscription::cancel);
                onComplete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            caller.fail(failure);
        }

        @Override
        public void onComplete() {
            caller.complete(items);
        }
    }
}
