package dev.tollgate.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.mongodb.reactivestreams.client.MongoCollection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;

final class MongoConnectionTest {
    @Test
    void all_moreThanAsked_stopsAtTheLimit() throws Exception {
        try (TestMongo mongo = new TestMongo();
                MongoConnection connection = mongo.connect()) {
            MongoCollection<Document> notes = connection.collection("notes");
            await(MongoConnection.done(
                    notes.insertMany(List.of(new Document("_id", 1), new Document("_id", 2), new Document("_id", 3)))));

            List<Document> two = await(MongoConnection.all(notes.find().sort(new Document("_id", 1)), 2));

            assertThat(two).extracting(note -> note.get("_id")).containsExactly(1, 2);
        }
    }

    @Test
    void first_nothingThere_isEmpty() throws Exception {
        try (TestMongo mongo = new TestMongo();
                MongoConnection connection = mongo.connect()) {
            assertThat(await(MongoConnection.first(connection.collection("none").find())))
                    .isEmpty();
        }
    }

    @Test
    void result_always_arrivesOnTheCallersContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (TestMongo mongo = new TestMongo();
                MongoConnection connection = mongo.connect()) {
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Context> seen = new CompletableFuture<>();

            context.runOnContext(v -> connection.ping().onComplete(done -> seen.complete(Vertx.currentContext())));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isSameAs(context);
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void serverAway_anyOperation_failsWithinTheTimeout() {
        try (MongoConnection connection =
                MongoConnection.open("mongodb://127.0.0.1:1", "tollgate_test", Duration.ofMillis(200))) {
            assertThatThrownBy(() -> await(connection.ping())).hasMessageContaining("127.0.0.1:1");
        }
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
