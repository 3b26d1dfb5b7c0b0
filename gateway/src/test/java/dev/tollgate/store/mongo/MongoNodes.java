package dev.tollgate.store.mongo;

import dev.tollgate.MemoryGateway;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What nodes share in one MongoDB. */
public final class MongoNodes implements AutoCloseable {
    private final TestMongo mongo = new TestMongo();
    private final MongoConnection connection = mongo.connect();

    /** @param beside a node that has been started before; null for the first */
    public MemoryGateway.Shared shared(@Nullable MemoryGateway beside) throws Exception {
        MongoTicketStore tickets = new MongoTicketStore(connection);
        MongoKeptReplies replies = new MongoKeptReplies(connection);
        var unused = tickets.prepare().compose(done -> replies.prepare()).await(20, TimeUnit.SECONDS);
        return new MemoryGateway.Shared(tickets, replies, beside);
    }

    @Override
    public void close() {
        connection.close();
        mongo.close();
    }
}
