package dev.tollgate.store.mongo;

import static dev.tollgate.store.mongo.MongoPayloads.await;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoCollection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The lock of a day, in {@code payload_locks}: held by one at a time, for a minute from the last time that it was kept. For one thread. */
final class DayLease implements AutoCloseable {
    private static final String LOCKS = "payload_locks";
    private static final int DUPLICATE_KEY = 11_000;
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration KEEP_AFTER = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final MongoCollection<Document> locks;
    private final InstantSource clock;
    private final LocalDate day;
    private final String owner = UUID.randomUUID().toString();
    private long kept;

    private DayLease(MongoConnection connection, InstantSource clock, LocalDate day) {
        this.locks = connection.collection(LOCKS);
        this.clock = clock;
        this.day = day;
    }

    /** Waits for up to a minute and a half until nobody has it. */
    static DayLease take(MongoConnection connection, InstantSource clock, LocalDate day) throws IOException {
        DayLease lease = new DayLease(connection, clock, day);
        Instant patience = clock.instant().plus(PATIENCE);
        while (!lease.isTaken()) {
            if (clock.instant().isAfter(patience)) {
                throw new IOException("somebody else has been changing the payloads of " + day + " for a long time");
            }
            try {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ending);
            }
        }
        return lease;
    }

    /** Takes the lock if nobody has it, or its lease has run out. */
    private boolean isTaken() throws IOException {
        try {
            return extended(Filters.lt("until", clock.millis()), true);
        } catch (IOException refused) {
            // An upsert beside a lock that somebody holds: there is a document of this name already.
            if (isDuplicate(refused.getCause())) {
                return false;
            }
            throw refused;
        }
    }

    private boolean extended(Bson which, boolean mayInsert) throws IOException {
        long now = clock.millis();
        Optional<Document> lock = await(MongoConnection.first(locks.findOneAndUpdate(
                Filters.and(Filters.eq("_id", day.toString()), which),
                Updates.combine(Updates.set("owner", owner), Updates.set("until", now + LEASE.toMillis())),
                new FindOneAndUpdateOptions().upsert(mayInsert).returnDocument(ReturnDocument.AFTER))));
        kept = now;
        return lock.map(found -> owner.equals(found.getString("owner"))).orElse(false);
    }

    private static boolean isDuplicate(@Nullable Throwable cause) {
        return (cause instanceof MongoCommandException command && command.getErrorCode() == DUPLICATE_KEY)
                || (cause instanceof MongoWriteException write
                        && write.getError().getCode() == DUPLICATE_KEY);
    }

    /**
     * Before each step of work on the day: makes the lease longer if some of it has run out.
     *
     * @throws IOException if somebody else has taken the lock since: what they did is not known here
     */
    void keep() throws IOException {
        if (clock.millis() - kept < KEEP_AFTER.toMillis()) {
            return;
        }
        if (!extended(Filters.eq("owner", owner), false)) {
            throw new IOException("the lock on the payloads of " + day + " was lost, because a step took longer than "
                    + LEASE.toSeconds() + " s");
        }
    }

    @Override
    public void close() throws IOException {
        await(MongoConnection.done(locks.updateOne(
                Filters.and(Filters.eq("_id", day.toString()), Filters.eq("owner", owner)), Updates.set("until", 0L))));
    }
}
