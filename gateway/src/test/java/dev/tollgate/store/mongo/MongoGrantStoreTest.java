package dev.tollgate.store.mongo;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.store.GrantStoreContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MongoGrantStoreTest extends GrantStoreContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoGrantStore store = new MongoGrantStore(connection);

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
    protected GrantStore store() {
        return store;
    }
}
