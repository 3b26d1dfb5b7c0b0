package dev.tollgate.store.mongo;

import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.PayloadShelfContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

final class MongoPayloadsTest extends PayloadShelfContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();

    @Override
    protected PayloadShelf open() {
        return new MongoPayloads(connection, InstantSource.system());
    }

    @Override
    protected PayloadShelf openAgain() {
        return new MongoPayloads(connection, InstantSource.system());
    }

    @AfterEach
    void closeServer() throws Exception {
        connection.close();
        mongo.close();
    }
}
