package dev.tollgate.store.mongo;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A MongoDB server in this process, spoken to over the wire; forgets everything when closed. */
public final class TestMongo implements AutoCloseable {
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final InetSocketAddress address = server.bind();

    @CanIgnoreReturnValue
    public String uri() {
        return "mongodb://" + address.getHostString() + ":" + address.getPort();
    }

    @CanIgnoreReturnValue
    public MongoConnection connect() {
        return MongoConnection.open(uri(), "tollgate_test", Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
