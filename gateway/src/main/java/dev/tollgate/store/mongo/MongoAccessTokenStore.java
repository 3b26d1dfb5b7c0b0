package dev.tollgate.store.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.identity.AccessToken;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.value.Person.Duty;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Tokens of the console's API in MongoDB, in the collection {@value #COLLECTION}. Reads go to the primary. */
public final class MongoAccessTokenStore implements AccessTokenStore {
    static final String COLLECTION = "access_tokens";

    private final MongoCollection<Document> tokens;

    public MongoAccessTokenStore(MongoConnection connection) {
        this.tokens = connection.collection(COLLECTION);
    }

    /** Makes the indexes, if they are not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(tokens.createIndex(Indexes.ascending("hash"), new IndexOptions().unique(true)))
                .compose(done -> MongoConnection.done(tokens.createIndex(Indexes.descending("createdAt"))));
    }

    @Override
    public Future<Optional<AccessToken>> findByHash(String hash) {
        return one(Filters.eq("hash", hash));
    }

    @Override
    public Future<Optional<AccessToken>> find(String id) {
        return one(Filters.eq("_id", id));
    }

    private Future<Optional<AccessToken>> one(Bson filter) {
        return MongoConnection.first(tokens.find(filter).limit(1))
                .map(found -> found.map(MongoAccessTokenStore::token));
    }

    @Override
    public Future<Void> add(AccessToken token) {
        List<Document> duties = token.duties().stream()
                .map(duty -> new Document("role", duty.role()).append("team", duty.team()))
                .toList();
        return MongoConnection.done(tokens.insertOne(new Document("_id", token.id())
                .append("hash", token.hash())
                .append("name", token.name())
                .append("duties", duties)
                .append("createdBy", token.createdBy())
                .append("createdAt", Date.from(token.createdAt()))
                .append("expiresAt", MongoKeyStore.date(token.expiresAt()))
                .append("revokedAt", MongoKeyStore.date(token.revokedAt()))));
    }

    @Override
    public Future<Boolean> revoke(String id, Instant at) {
        Bson itself = Filters.eq("_id", id);
        return MongoConnection.first(tokens.updateOne(
                        Filters.and(itself, Filters.eq("revokedAt", null)), Updates.set("revokedAt", Date.from(at))))
                .compose(result ->
                        result.filter(done -> done.getMatchedCount() > 0).isPresent()
                                ? Future.succeededFuture(true)
                                : one(itself).map(Optional::isPresent));
    }

    @Override
    public Future<List<AccessToken>> list(int limit) {
        return MongoConnection.all(
                        tokens.find().sort(Sorts.descending("createdAt")).limit(limit), limit)
                .map(found -> found.stream().map(MongoAccessTokenStore::token).toList());
    }

    private static AccessToken token(Document document) {
        return new AccessToken(
                document.getString("_id"),
                document.getString("hash"),
                document.getString("name"),
                document.getList("duties", Document.class).stream()
                        .map(duty -> new Duty(duty.getString("role"), duty.getString("team")))
                        .toList(),
                document.getString("createdBy"),
                document.getDate("createdAt").toInstant(),
                MongoKeyStore.moment(document, "expiresAt"),
                MongoKeyStore.moment(document, "revokedAt"));
    }
}
