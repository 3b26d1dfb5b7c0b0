package dev.tollgate.store.mongo;

import dev.tollgate.approval.TicketStore;
import dev.tollgate.store.TicketStoreContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MongoTicketStoreTest extends TicketStoreContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoTicketStore store = new MongoTicketStore(connection);

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
    public TicketStore store() {
        return store;
    }
}
