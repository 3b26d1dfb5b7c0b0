package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lte;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.Binary;

/** Replies that wait for a person, in MongoDB, in the collection {@value #COLLECTION}. */
public final class MongoKeptReplies implements KeptReplies {
    static final String COLLECTION = "kept_replies";

    private final MongoCollection<Document> replies;

    public MongoKeptReplies(MongoConnection connection) {
        this.replies = connection.collection(COLLECTION);
    }

    /** Makes the index, if it is not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(replies.createIndex(Indexes.ascending("until")));
    }

    @Override
    public Future<Void> put(KeptReply reply, Instant now) {
        Document document = new Document("_id", reply.fingerprint())
                .append("exchange", reply.exchange())
                .append("target", reply.target())
                .append("contentType", reply.contentType())
                .append("body", new Binary(reply.body()))
                .append("until", Date.from(reply.until()));
        return MongoConnection.done(replies.deleteMany(lte("until", Date.from(now))))
                .compose(done -> MongoConnection.done(replies.replaceOne(
                        eq("_id", reply.fingerprint()), document, new ReplaceOptions().upsert(true))));
    }

    @Override
    public Future<Optional<KeptReply>> find(String fingerprint, Instant now) {
        return MongoConnection.first(replies.find(and(eq("_id", fingerprint), gt("until", Date.from(now))))
                        .limit(1))
                .map(found -> found.map(MongoKeptReplies::reply));
    }

    @Override
    public Future<Void> drop(String fingerprint) {
        return MongoConnection.done(replies.deleteOne(eq("_id", fingerprint)));
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Future<Boolean> any(Instant now) {
        return MongoConnection.first(replies.find(gt("until", Date.from(now)))
                        .projection(Projections.include("_id"))
                        .limit(1))
                .map(Optional::isPresent);
    }

    private static KeptReply reply(Document document) {
        return new KeptReply(
                document.getString("_id"),
                document.getString("exchange"),
                document.getString("target"),
                document.getString("contentType"),
                document.get("body", Binary.class).getData(),
                document.getDate("until").toInstant());
    }
}
