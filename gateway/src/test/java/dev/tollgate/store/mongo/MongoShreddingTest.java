package dev.tollgate.store.mongo;

import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.ShreddingContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

final class MongoShreddingTest extends ShreddingContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();

    @Override
    protected PayloadShelf open() {
        return new MongoPayloads(connection, InstantSource.system());
    }

    @AfterEach
    void closeServer() {
        connection.close();
        mongo.close();
    }
}
