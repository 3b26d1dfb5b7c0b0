package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.result.UpdateResult;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.StandingGrant.Use;
import dev.tollgate.approval.TicketText;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Standing grants in MongoDB, in the collection {@value #COLLECTION}. What is taken is one update that names the limit. */
public final class MongoGrantStore implements GrantStore {
    static final String COLLECTION = "grants";
    private static final Bson NEWEST_FIRST = Sorts.descending("createdAt", "_id");

    private final MongoCollection<Document> grants;

    public MongoGrantStore(MongoConnection connection) {
        this.grants = connection.collection(COLLECTION);
    }

    /** Makes the indexes, if they are not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(grants.createIndex(Indexes.ascending("agent", "expiresAt")))
                .compose(done -> MongoConnection.done(grants.createIndex(Indexes.descending("createdAt"))));
    }

    @Override
    public Future<Void> add(StandingGrant grant) {
        NanoUsd limit = grant.limit();
        return MongoConnection.done(grants.insertOne(new Document("_id", grant.id())
                .append("agent", grant.scope().agent())
                .append("document", TicketText.write(grant.with(Use.NONE)))
                .append("createdAt", Date.from(grant.createdAt()))
                .append("expiresAt", Date.from(grant.expiresAt()))
                .append("limitNanos", limit == null ? null : limit.nanos())
                .append("spentNanos", 0L)
                .append("calls", 0L)
                .append("revokedBy", null)
                .append("revokedAt", null)));
    }

    @Override
    public Future<Optional<StandingGrant>> find(String id) {
        return MongoConnection.first(grants.find(eq("_id", id)).limit(1))
                .map(found -> found.map(MongoGrantStore::grant));
    }

    @Override
    public Future<List<StandingGrant>> list(int limit) {
        return some(new Document(), limit);
    }

    @Override
    public Future<List<StandingGrant>> live(String agent, Instant now) {
        return some(and(eq("agent", agent), gt("expiresAt", Date.from(now)), eq("revokedAt", null)), MAX_LIVE);
    }

    private Future<List<StandingGrant>> some(Bson filter, int limit) {
        return MongoConnection.all(grants.find(filter).sort(NEWEST_FIRST).limit(limit), limit)
                .map(found -> found.stream().map(MongoGrantStore::grant).toList());
    }

    @Override
    public Future<Boolean> take(String id, NanoUsd amount, Instant now) {
        Bson isLeft = expr(new Document(
                "$lte", List.of(new Document("$add", List.of("$spentNanos", amount.nanos())), "$limitNanos")));
        Bson live = and(
                eq("_id", id),
                gt("expiresAt", Date.from(now)),
                eq("revokedAt", null),
                or(eq("limitNanos", null), isLeft));
        return MongoConnection.first(
                        grants.updateOne(live, combine(inc("spentNanos", amount.nanos()), inc("calls", 1L))))
                .map(MongoGrantStore::hasChanged);
    }

    private static boolean hasChanged(Optional<UpdateResult> result) {
        return result.isPresent() && result.get().getModifiedCount() == 1;
    }

    @Override
    public Future<Void> settle(String id, long changeNanos) {
        return MongoConnection.done(grants.updateOne(eq("_id", id), inc("spentNanos", changeNanos)));
    }

    @Override
    public Future<Optional<StandingGrant>> revoke(String id, String by, Instant at) {
        Bson live = and(eq("_id", id), eq("revokedAt", null));
        return MongoConnection.done(
                        grants.updateOne(live, combine(set("revokedBy", by), set("revokedAt", Date.from(at)))))
                .compose(done -> find(id));
    }

    private static StandingGrant grant(Document document) {
        Use use = new Use(
                new NanoUsd(Math.max(0, document.getLong("spentNanos"))),
                document.getLong("calls"),
                document.getString("revokedBy"),
                MongoKeyStore.moment(document, "revokedAt"));
        return TicketText.grant(document.getString("document")).with(use);
    }
}
