package dev.tollgate.store.mongo;

import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.store.ConsoleSessionStoreContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MongoConsoleSessionStoreTest extends ConsoleSessionStoreContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoConsoleSessionStore store = new MongoConsoleSessionStore(connection);

    @BeforeEach
    void prepare() throws Exception {
        store.prepare().await(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        connection.close();
        mongo.close();
    }

    @Override
    protected ConsoleSessionStore store() {
        return store;
    }
}
