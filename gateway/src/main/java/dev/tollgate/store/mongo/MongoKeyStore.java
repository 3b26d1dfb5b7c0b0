package dev.tollgate.store.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Keys in MongoDB, in the collection {@value #COLLECTION}. Knows no revision: what another node changed can only be asked for. Reads go to the
 * primary, so that they see every write the majority has acknowledged.
 */
public final class MongoKeyStore implements KeyStore {
    static final String COLLECTION = "keys";

    private final MongoCollection<Document> keys;

    public MongoKeyStore(MongoConnection connection) {
        this.keys = connection.collection(COLLECTION);
    }

    /** Makes the indexes, if they are not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(keys.createIndex(Indexes.ascending("hash"), new IndexOptions().unique(true)))
                .compose(done -> MongoConnection.done(keys.createIndex(Indexes.descending("createdAt"))));
    }

    @Override
    public OptionalLong revision() {
        return OptionalLong.empty();
    }

    @Override
    public Future<Optional<Key>> findByHash(String hash) {
        return MongoConnection.first(keys.find(Filters.eq("hash", hash)).limit(1))
                .map(found -> found.map(MongoKeyStore::key));
    }

    @Override
    public Future<Optional<Key>> find(KeyId id) {
        return MongoConnection.first(keys.find(Filters.eq("_id", id.value())).limit(1))
                .map(found -> found.map(MongoKeyStore::key));
    }

    @Override
    public Future<Void> add(Key key) {
        return MongoConnection.done(keys.insertOne(new Document("_id", key.id().value())
                .append("hash", key.hash())
                .append("agent", key.agent().value())
                .append("team", key.team().value())
                .append("models", List.copyOf(key.scopes().models()))
                .append("providers", List.copyOf(key.scopes().providers()))
                .append("createdAt", Date.from(key.createdAt()))
                .append("expiresAt", date(key.expiresAt()))
                .append("revokedAt", date(key.revokedAt()))));
    }

    @Override
    public Future<Boolean> revoke(KeyId id, Instant at) {
        return changed(id, Filters.eq("revokedAt", null), "revokedAt", at);
    }

    @Override
    public Future<Boolean> endBy(KeyId id, Instant at) {
        Bson later = Filters.or(Filters.eq("expiresAt", null), Filters.gt("expiresAt", Date.from(at)));
        return changed(id, later, "expiresAt", at);
    }

    /** Writes a moment where the key is as the condition says; yields whether there is such a key at all. */
    private Future<Boolean> changed(KeyId id, Bson condition, String name, Instant at) {
        Bson itself = Filters.eq("_id", id.value());
        return MongoConnection.first(keys.updateOne(Filters.and(itself, condition), Updates.set(name, Date.from(at))))
                .compose(result -> result.filter(done -> done.getMatchedCount() > 0)
                                .isPresent()
                        ? Future.succeededFuture(true)
                        : MongoConnection.first(keys.find(itself).limit(1)).map(Optional::isPresent));
    }

    @Override
    public Future<List<Key>> list(int limit) {
        return MongoConnection.all(
                        keys.find().sort(Sorts.descending("createdAt")).limit(limit), limit)
                .map(found -> found.stream().map(MongoKeyStore::key).toList());
    }

    private static Key key(Document document) {
        return new Key(
                new KeyId(document.getString("_id")),
                document.getString("hash"),
                new AgentId(document.getString("agent")),
                new TeamId(document.getString("team")),
                new Scopes(
                        new HashSet<>(document.getList("models", String.class)),
                        new HashSet<>(document.getList("providers", String.class))),
                document.getDate("createdAt").toInstant(),
                moment(document, "expiresAt"),
                moment(document, "revokedAt"));
    }

    static @Nullable Date date(@Nullable Instant moment) {
        return moment == null ? null : Date.from(moment);
    }

    static @Nullable Instant moment(Document document, String name) {
        Date date = document.getDate(name);
        return date == null ? null : date.toInstant();
    }
}
