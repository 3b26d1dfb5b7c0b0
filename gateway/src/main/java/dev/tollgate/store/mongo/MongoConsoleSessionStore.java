package dev.tollgate.store.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.identity.ConsoleSession;
import dev.tollgate.identity.ConsoleSession.Proof;
import dev.tollgate.identity.ConsoleSession.Proof.ByProvider;
import dev.tollgate.identity.ConsoleSession.Proof.ByToken;
import dev.tollgate.identity.ConsoleSessionStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Who is signed in to the console, in MongoDB, in the collection {@value #COLLECTION}. Reads go to the primary. */
public final class MongoConsoleSessionStore implements ConsoleSessionStore {
    static final String COLLECTION = "console_sessions";
    /** Sessions beyond the bound that one sign-in takes out. */
    private static final int MOST_FORGOTTEN = 100;

    private final MongoCollection<Document> sessions;

    public MongoConsoleSessionStore(MongoConnection connection) {
        this.sessions = connection.collection(COLLECTION);
    }

    /** Makes the index, if it is not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(sessions.createIndex(Indexes.descending("usedAt")));
    }

    @Override
    public Future<Void> begin(ConsoleSession session, int most) {
        return MongoConnection.done(sessions.insertOne(document(session)))
                .compose(kept -> MongoConnection.all(
                        sessions.find(Filters.ne("_id", session.hash()))
                                .projection(Projections.include("_id"))
                                .sort(Sorts.descending("usedAt"))
                                .skip(most - 1)
                                .limit(MOST_FORGOTTEN),
                        MOST_FORGOTTEN))
                .compose(beyond -> {
                    List<String> hashes =
                            beyond.stream().map(one -> one.getString("_id")).toList();
                    return hashes.isEmpty()
                            ? Future.succeededFuture()
                            : MongoConnection.done(sessions.deleteMany(Filters.in("_id", hashes)));
                });
    }

    @Override
    public Future<Optional<ConsoleSession>> find(String hash) {
        return MongoConnection.first(sessions.find(itself(hash)).limit(1))
                .map(found -> found.map(MongoConsoleSessionStore::session));
    }

    @Override
    public Future<Void> touch(String hash, Instant usedAt) {
        return MongoConnection.done(sessions.updateOne(itself(hash), Updates.max("usedAt", Date.from(usedAt))));
    }

    @Override
    public Future<Void> tell(String hash, String notice) {
        return MongoConnection.done(sessions.updateOne(itself(hash), Updates.set("notice", notice)));
    }

    @Override
    public Future<Void> end(String hash) {
        return MongoConnection.done(sessions.deleteOne(itself(hash)));
    }

    @Override
    public Future<Integer> endOf(String issuer, String subject, String session, Instant begunUntil) {
        List<Bson> filters =
                new ArrayList<>(List.of(Filters.eq("issuer", issuer), Filters.lte("begunAt", Date.from(begunUntil))));
        if (!subject.isEmpty()) {
            filters.add(Filters.eq("subject", subject));
        }
        if (!session.isEmpty()) {
            filters.add(Filters.eq("providerSession", session));
        }
        return MongoConnection.first(sessions.deleteMany(Filters.and(filters)))
                .map(done -> done.map(result -> (int) result.getDeletedCount()).orElse(0));
    }

    @Override
    public Future<Void> sweep(Instant begunBefore, Instant usedBefore) {
        return MongoConnection.done(sessions.deleteMany(Filters.or(
                Filters.lt("begunAt", Date.from(begunBefore)), Filters.lt("usedAt", Date.from(usedBefore)))));
    }

    private static Bson itself(String hash) {
        return Filters.eq("_id", hash);
    }

    private static Document document(ConsoleSession session) {
        Document document = new Document("_id", session.hash())
                .append("begunAt", Date.from(session.begunAt()))
                .append("usedAt", Date.from(session.usedAt()))
                .append("notice", session.notice());
        return switch (session.proof()) {
            case ByToken(String fingerprint) -> document.append("fingerprint", fingerprint);
            case ByProvider(String issuer, String subject, String provider, String name, Set<String> groups) ->
                document.append("issuer", issuer)
                        .append("subject", subject)
                        .append("providerSession", provider)
                        .append("name", name)
                        .append("groups", List.copyOf(groups));
        };
    }

    private static ConsoleSession session(Document document) {
        String fingerprint = document.getString("fingerprint");
        Proof proof = fingerprint == null
                ? new ByProvider(
                        document.getString("issuer"),
                        document.getString("subject"),
                        document.getString("providerSession"),
                        document.getString("name"),
                        Set.copyOf(document.getList("groups", String.class)))
                : new ByToken(fingerprint);
        return new ConsoleSession(
                document.getString("_id"),
                proof,
                document.getDate("begunAt").toInstant(),
                document.getDate("usedAt").toInstant(),
                document.getString("notice"));
    }
}
