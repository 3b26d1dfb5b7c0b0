package dev.tollgate.store.mongo;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A MongoDB server in this process, spoken to over the wire; forgets everything when closed. The environment variable {@code
 * TOLLGATE_TEST_MONGO} names another one to be used instead, each time with a database of its own, which is left behind.
 */
public final class TestMongo implements AutoCloseable {
    private static final Optional<String> OTHER = Optional.ofNullable(System.getenv("TOLLGATE_TEST_MONGO"));

    private final Optional<MongoServer> server;
    private final String uri;
    private final String database;

    public TestMongo() {
        if (OTHER.isPresent()) {
            server = Optional.empty();
            uri = OTHER.get();
            database = "tollgate_" + UUID.randomUUID().toString().replace("-", "");
        } else {
            MongoServer own = new MongoServer(new MemoryBackend());
            InetSocketAddress address = own.bind();
            server = Optional.of(own);
            uri = "mongodb://" + address.getHostString() + ":" + address.getPort();
            database = "tollgate_test";
        }
    }

    @CanIgnoreReturnValue
    public String uri() {
        return uri;
    }

    @CanIgnoreReturnValue
    public String database() {
        return database;
    }

    @CanIgnoreReturnValue
    public MongoConnection connect() {
        return MongoConnection.open(uri, database, Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        server.ifPresent(MongoServer::shutdownNow);
    }
}
