package dev.tollgate.store.mongo;

import static dev.tollgate.store.mongo.MongoPayloads.await;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import dev.tollgate.audit.payload.KeyTable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.types.Binary;

/** Data keys in the collection {@value #COLLECTION}, shared by all nodes. Gateways insert; who erases or drops days removes. */
final class MongoKeyTable implements KeyTable {
    static final String COLLECTION = "payload_keys";
    private static final int MAX_KEYS = 1000;
    private static final int MAX_UNFINISHED = 100_000;

    private final MongoCollection<Document> keys;

    MongoKeyTable(MongoConnection connection) {
        this.keys = connection.collection(COLLECTION);
    }

    /** Makes the index, if it is not there. */
    void prepare() throws IOException {
        await(MongoConnection.done(keys.createIndex(Indexes.ascending("day", "team", "turn"))));
    }

    @Override
    public List<Wrapped> of(LocalDate day, String team) throws IOException {
        return await(MongoConnection.all(
                        keys.find(Filters.and(Filters.eq("day", day.toString()), Filters.eq("team", team)))
                                .sort(Sorts.ascending("turn"))
                                .limit(MAX_KEYS),
                        MAX_KEYS))
                .stream()
                .map(MongoKeyTable::key)
                .toList();
    }

    private static Wrapped key(Document found) {
        return new Wrapped(
                LocalDate.parse(found.getString("day")),
                found.getString("team"),
                found.getInteger("turn", 0),
                found.getInteger("key", 0),
                found.getInteger("root", 0),
                found.get("b", Binary.class).getData(),
                found.getBoolean("shreds", false));
    }

    /** Two of one turn would have one name, so that the second fails. */
    private static String name(Wrapped key) {
        return key.day() + "/" + key.turn() + "/" + key.team();
    }

    @Override
    public void add(Wrapped key) throws IOException {
        await(MongoConnection.done(keys.insertOne(new Document("_id", name(key))
                .append("day", key.day().toString())
                .append("team", key.team())
                .append("turn", key.turn())
                .append("key", key.id())
                .append("root", key.root())
                .append("b", new Binary(key.sealed()))
                .append("shreds", key.shreds()))));
    }

    @Override
    public void destroy(Wrapped key) throws IOException {
        await(MongoConnection.done(
                keys.deleteMany(Filters.and(Filters.eq("_id", name(key)), Filters.eq("key", key.id())))));
    }

    @Override
    public void destroyBefore(LocalDate first) throws IOException {
        await(MongoConnection.done(keys.deleteMany(Filters.lt("day", first.toString()))));
    }

    @Override
    public List<TeamDay> unfinished() throws IOException {
        Set<TeamDay> renewed = new LinkedHashSet<>();
        for (Document found : await(MongoConnection.all(
                keys.find(Filters.eq("shreds", true))
                        .sort(Sorts.ascending("day", "team"))
                        .limit(MAX_UNFINISHED),
                MAX_UNFINISHED))) {
            renewed.add(new TeamDay(LocalDate.parse(found.getString("day")), found.getString("team")));
        }
        List<TeamDay> unfinished = new ArrayList<>();
        for (TeamDay one : renewed) {
            List<Wrapped> known = of(one.day(), one.team());
            if (known.stream().skip(1).anyMatch(Wrapped::shreds)) {
                unfinished.add(one);
            }
        }
        return unfinished;
    }
}
