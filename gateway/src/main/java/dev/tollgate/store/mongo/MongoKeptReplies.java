package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.result.UpdateResult;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.KeptOwner;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.KeptReply;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.Binary;

/** Replies that wait for a person, in MongoDB, in the collection {@value #COLLECTION}. */
public final class MongoKeptReplies implements KeptReplies {
    static final String COLLECTION = "kept_replies";
    /** Words of erasures, which gateways read and only erasers write. */
    static final String ERASURES = "kept_erasures";

    /** What the same call has in common in all sessions of its key. */
    private static final String ANY_SESSION = "anySession";

    /** How long word of an erasure is left for what is still on its way: longer than any call waits. */
    private static final Duration WORD_LASTS = Duration.ofDays(30);

    /** By most names that something can be erased. */
    private static final int MAX_WORDS = 10;

    private final MongoCollection<Document> replies;
    private final MongoCollection<Document> erasures;

    public MongoKeptReplies(MongoConnection connection) {
        this.replies = connection.collection(COLLECTION);
        this.erasures = connection.collection(ERASURES);
    }

    /** Makes the indexes, if they are not there. */
    public Future<Void> prepare() {
        return MongoConnection.done(replies.createIndex(Indexes.ascending("until")))
                .compose(done -> MongoConnection.done(replies.createIndex(Indexes.ascending(ANY_SESSION, "until"))));
    }

    @Override
    public Future<Void> put(KeptReply reply, Instant now) {
        // Looked for behind it: word that comes while it is written is found here, or finds it there.
        return MongoConnection.done(replies.deleteMany(lte("until", Date.from(now))))
                .compose(done -> replace(reply))
                .compose(done -> MongoConnection.all(erasures.find(in("_id", reply.subjects())), MAX_WORDS))
                .compose(words -> words.stream()
                        .map(MongoKeptReplies::word)
                        .filter(word -> word.reaches(reply))
                        .findFirst()
                        .map(word -> replace(reply.erasedBy(word)))
                        .orElseGet(Future::succeededFuture));
    }

    private Future<Void> replace(KeptReply reply) {
        Erasure erased = reply.erased();
        Document document = new Document("_id", reply.fingerprint())
                .append(ANY_SESSION, reply.anySession())
                .append("exchange", reply.exchange())
                .append("target", reply.target())
                .append("contentType", reply.contentType())
                .append("body", new Binary(reply.body()))
                .append("until", Date.from(reply.until()))
                .append("team", reply.owner().team())
                .append("agent", reply.owner().agent())
                .append("session", reply.owner().session())
                .append("user", reply.owner().user())
                .append("came", Date.from(reply.owner().at()))
                .append("erased", erased == null ? null : document(erased));
        return MongoConnection.done(
                replies.replaceOne(eq("_id", reply.fingerprint()), document, new ReplaceOptions().upsert(true)));
    }

    @Override
    public Future<Long> erase(Erasure word) {
        Date oldest = Date.from(word.at().minus(WORD_LASTS));
        return MongoConnection.done(erasures.deleteMany(lt("at", oldest)))
                .compose(done -> MongoConnection.done(erasures.replaceOne(
                        eq("_id", word.subject()), document(word), new ReplaceOptions().upsert(true))))
                .compose(done -> MongoConnection.first(replies.updateMany(
                        and(eq(word.kind(), word.name()), lte("came", Date.from(word.at())), eq("erased", null)),
                        combine(set("body", new Binary(new byte[0])), set("erased", document(word))))))
                .map(result -> result.map(UpdateResult::getModifiedCount).orElse(0L));
    }

    private static Document document(Erasure word) {
        return new Document("_id", word.subject())
                .append("at", Date.from(word.at()))
                .append("by", word.by())
                .append("reason", word.reason());
    }

    private static Erasure word(Document document) {
        return new Erasure(
                document.getString("_id"),
                document.getDate("at").toInstant(),
                document.getString("by"),
                document.getString("reason"));
    }

    @Override
    public Future<Optional<KeptReply>> find(String fingerprint, Instant now) {
        return MongoConnection.first(replies.find(and(eq("_id", fingerprint), gt("until", Date.from(now))))
                        .limit(1))
                .map(found -> found.map(MongoKeptReplies::reply));
    }

    @Override
    public Future<Optional<KeptReply>> findOfAnySession(String anySession, Instant now) {
        return MongoConnection.first(
                        replies.find(and(eq(ANY_SESSION, anySession), gt("until", Date.from(now)), eq("erased", null)))
                                .sort(Sorts.descending("came"))
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
        Document erased = document.get("erased", Document.class);
        Date came = document.getDate("came");
        KeptOwner owner = new KeptOwner(
                named(document, "team"),
                named(document, "agent"),
                named(document, "session"),
                named(document, "user"),
                came == null ? Instant.EPOCH : came.toInstant());
        return new KeptReply(
                document.getString("_id"),
                named(document, ANY_SESSION),
                document.getString("exchange"),
                document.getString("target"),
                document.getString("contentType"),
                document.get("body", Binary.class).getData(),
                document.getDate("until").toInstant(),
                owner,
                erased == null ? null : word(erased));
    }

    /** A version before kept it without. */
    private static String named(Document document, String name) {
        String known = document.getString(name);
        return known == null ? "" : known;
    }
}
