package dev.tollgate.store.mongo;

import dev.tollgate.approval.KeptReplies;
import dev.tollgate.store.KeptRepliesContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class MongoKeptRepliesTest extends KeptRepliesContract {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();
    private final MongoKeptReplies store = new MongoKeptReplies(connection);

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
    protected KeptReplies store() {
        return store;
    }
}
