package dev.tollgate.load;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The MongoDB that a measurement names: none, one that runs somewhere, or {@code memory}, one in this process that forgets everything. */
final class MongoUnderLoad implements AutoCloseable {
    /** The database that a gateway uses unless it is told otherwise. */
    static final String DATABASE = "tollgate";

    private final String uri;
    private final Optional<MongoServer> own;

    private MongoUnderLoad(String uri, Optional<MongoServer> own) {
        this.uri = uri;
        this.own = own;
    }

    static MongoUnderLoad of(String named) {
        if (!named.equals("memory")) {
            return new MongoUnderLoad(named, Optional.empty());
        }
        // It tells of each connection that is cut, with a stack trace, and cutting them is what measurements do.
        ((Logger) LoggerFactory.getLogger("de.bwaldvogel")).setLevel(Level.OFF);
        MongoServer server = new MongoServer(new MemoryBackend());
        InetSocketAddress address = server.bind();
        return new MongoUnderLoad("mongodb://127.0.0.1:" + address.getPort(), Optional.of(server));
    }

    /** Its address; empty for none. */
    String uri() {
        return uri;
    }

    @Override
    public void close() {
        own.ifPresent(MongoServer::shutdownNow);
    }
}
