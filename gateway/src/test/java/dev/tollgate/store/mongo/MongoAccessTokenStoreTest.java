package dev.tollgate.store.mongo;

import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.store.AccessTokenStoreContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MongoAccessTokenStoreTest extends AccessTokenStoreContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoAccessTokenStore store = new MongoAccessTokenStore(connection);

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
    protected AccessTokenStore store() {
        return store;
    }
}
