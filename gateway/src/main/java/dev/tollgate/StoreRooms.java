package dev.tollgate;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalRetention;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.ShippedLog;
import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.store.mongo.MongoAccessTokenStore;
import dev.tollgate.store.mongo.MongoAudit;
import dev.tollgate.store.mongo.MongoAuditIndex;
import dev.tollgate.store.mongo.MongoConnection;
import dev.tollgate.store.mongo.MongoConsoleSessionStore;
import dev.tollgate.store.mongo.MongoGrantStore;
import dev.tollgate.store.mongo.MongoKeptReplies;
import dev.tollgate.store.mongo.MongoKeyStore;
import dev.tollgate.store.mongo.MongoPayloads;
import dev.tollgate.store.mongo.MongoRetention;
import dev.tollgate.store.mongo.MongoSightings;
import dev.tollgate.store.mongo.MongoTicketStore;
import dev.tollgate.store.sqlite.SqliteAccessTokenStore;
import dev.tollgate.store.sqlite.SqliteAuditIndex;
import dev.tollgate.store.sqlite.SqliteConsoleSessionStore;
import dev.tollgate.store.sqlite.SqliteDatabase;
import dev.tollgate.store.sqlite.SqliteGrantStore;
import dev.tollgate.store.sqlite.SqliteKeptReplies;
import dev.tollgate.store.sqlite.SqliteKeyStore;
import dev.tollgate.store.sqlite.SqlitePayloads;
import dev.tollgate.store.sqlite.SqliteTicketStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * What is kept either all on this machine or all in MongoDB.
 *
 * @param log where calls and deeds are recorded
 * @param caughtUp the index, with everything in it that was acknowledged
 * @param beforeDrop asked before a segment of the journal is dropped
 */
record StoreRooms(
        KeyStore keys,
        AccessTokenStore tokens,
        ConsoleSessionStore sessions,
        TicketStore tickets,
        GrantStore grants,
        KeptReplies replies,
        AuditLog log,
        AuditIndex index,
        PayloadShelf shelf,
        LedgerOpening.CaughtUp caughtUp,
        JournalRetention.Before beforeDrop) {
    private static final Duration INDEX_PACE = Duration.ofMillis(50);
    private static final Duration PREPARE_PATIENCE = Duration.ofSeconds(30);

    /** Everything on this machine. */
    static StoreRooms here(Path dataFolder, Journal journal, SqliteDatabase database, Opened opened)
            throws IOException {
        SqliteAuditIndex index = new SqliteAuditIndex(database, journal.folder());
        opened.follow(index.sink()::upTo);
        JournalTail tail = opened.add(journal.tail(index.sink(), INDEX_PACE).start("tollgate-index"));
        return new StoreRooms(
                SqliteKeyStore.open(database),
                new SqliteAccessTokenStore(database),
                new SqliteConsoleSessionStore(database),
                new SqliteTicketStore(database),
                new SqliteGrantStore(database),
                new SqliteKeptReplies(database),
                journal,
                index,
                SqlitePayloads.open(dataFolder),
                () -> {
                    tail.catchUp();
                    return index;
                },
                index::forgetUpTo);
    }

    /** Everything in the MongoDB that the settings name. */
    static StoreRooms shared(Bundle settings, Journal journal, InstantSource clock, Opened opened) throws IOException {
        StorePolicy store = settings.store();
        String mongo = Objects.requireNonNull(store.mongo(), "only where there is a MongoDB");
        MongoConnection connection = opened.add(MongoConnection.open(mongo, store.mongoDatabase(), store.timeout()));
        opened.check("mongo", () -> connection.ping().map("reached"));
        MongoKeyStore keys = new MongoKeyStore(connection);
        MongoAccessTokenStore tokens = new MongoAccessTokenStore(connection);
        MongoConsoleSessionStore sessions = new MongoConsoleSessionStore(connection);
        MongoTicketStore tickets = new MongoTicketStore(connection);
        MongoGrantStore grants = new MongoGrantStore(connection);
        MongoKeptReplies replies = new MongoKeptReplies(connection);
        MongoAudit sink = new MongoAudit(connection, journal.head().node());
        Blocking.await(
                keys.prepare()
                        .compose(done -> tokens.prepare())
                        .compose(done -> sessions.prepare())
                        .compose(done -> tickets.prepare())
                        .compose(done -> grants.prepare())
                        .compose(done -> replies.prepare())
                        .compose(done -> sink.prepare()),
                PREPARE_PATIENCE);
        // Beside everything else: an old database may be large, and what is missing shows in reports only.
        var unused = sink.refill();
        ShippedLog log = opened.add(ShippedLog.start(journal, sink, settings.audit(), clock));
        opened.check("shipping", log::state);
        opened.follow(log::shipped);
        MongoSightings others =
                opened.add(MongoSightings.start(connection, journal.head().node()));
        journal.see(others::seen);
        if (settings.audit().keep() != null) {
            opened.add(MongoRetention.start(connection));
        }
        MongoAuditIndex index = new MongoAuditIndex(connection);
        LedgerOpening.CaughtUp caughtUp = () -> {
            log.catchUp();
            return index;
        };
        return new StoreRooms(
                keys,
                tokens,
                sessions,
                tickets,
                grants,
                replies,
                log,
                index,
                new MongoPayloads(connection, clock),
                caughtUp,
                segment -> {});
    }
}
