package dev.tollgate.store.mongo;

import dev.tollgate.identity.KeyStore;
import dev.tollgate.store.KeyStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MongoKeyStoreTest extends KeyStoreContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoKeyStore store = new MongoKeyStore(connection);

    @BeforeEach
    void prepare() throws Exception {
        await(store.prepare());
    }

    @AfterEach
    void close() {
        connection.close();
        mongo.close();
    }

    @Override
    protected KeyStore store() {
        return store;
    }
}
