package dev.tollgate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalRetention;
import dev.tollgate.audit.JournalTail;
import dev.tollgate.audit.ShippedLog;
import dev.tollgate.audit.SilentLog;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.SealedReplies;
import dev.tollgate.audit.payload.ShelvedPayloads;
import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.console.HealthChecks;
import dev.tollgate.console.HealthChecks.Check;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.policy.AnchorPolicy;
import dev.tollgate.policy.AuditStream;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PayloadPolicy;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.store.memory.MemoryRateLimiter;
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
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.store.sqlite.SqliteAccessTokenStore;
import dev.tollgate.store.sqlite.SqliteAuditIndex;
import dev.tollgate.store.sqlite.SqliteConsoleSessionStore;
import dev.tollgate.store.sqlite.SqliteDatabase;
import dev.tollgate.store.sqlite.SqliteGrantStore;
import dev.tollgate.store.sqlite.SqliteKeptReplies;
import dev.tollgate.store.sqlite.SqliteKeyStore;
import dev.tollgate.store.sqlite.SqliteOutbox;
import dev.tollgate.store.sqlite.SqlitePayloads;
import dev.tollgate.store.sqlite.SqliteTicketStore;
import dev.tollgate.store.stream.Anchors;
import dev.tollgate.store.stream.RecordStreams;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what the settings say state is kept in. Blocks: not for event loops. */
final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);
    private static final Duration INDEX_PACE = Duration.ofMillis(50);
    private static final Duration CHECK_PATIENCE = Duration.ofSeconds(3);
    private static final Duration PREPARE_PATIENCE = Duration.ofSeconds(30);

    private final Bundle settings;
    private final Path dataFolder;
    private final InstantSource clock;
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final List<Supplier<Future<Check>>> checks = new ArrayList<>();
    /** Whoever reads the journal and must not miss a record. */
    private final List<JournalRetention.Follower> followers = new ArrayList<>();

    private StoreOpening(Bundle settings, Path dataFolder, InstantSource clock) {
        this.settings = settings;
        this.dataFolder = dataFolder;
        this.clock = clock;
    }

    /**
     * @throws IOException if something cannot be opened; what was opened before is closed again
     */
    static Stores open(Bundle settings, Path dataFolder, InstantSource clock) throws IOException {
        StoreOpening opening = new StoreOpening(settings, dataFolder, clock);
        try {
            return opening.open();
        } catch (IOException | RuntimeException failure) {
            Stores.close(List.copyOf(opening.closing));
            throw failure;
        }
    }

    private Stores open() throws IOException {
        Journal journal = opened(Journal.open(
                dataFolder, settings.audit(), clock, counter -> CounterPeriod.isOpen(counter, clock.instant())));
        check("journal", () -> probe(journal));
        AtomicReference<String> checkpoint = new AtomicReference<>("");
        journal.anchor(checkpoint::set);
        String mongo = settings.store().mongo();
        SqliteDatabase database = opened(SqliteDatabase.open(
                dataFolder,
                List.of(
                        SqliteKeyStore.SCHEMA,
                        SqliteAccessTokenStore.SCHEMA,
                        SqliteConsoleSessionStore.SCHEMA,
                        SqliteTicketStore.SCHEMA,
                        SqliteGrantStore.SCHEMA,
                        SqliteKeptReplies.SCHEMA,
                        SqliteAuditIndex.SCHEMA,
                        SqliteOutbox.SCHEMA)));
        Rooms rooms = mongo == null ? here(journal, database) : shared(journal, mongo);
        streams(journal);
        anchors(journal);
        retention(journal, rooms.beforeDrop);
        opened(OutboxRelay.start(new SqliteOutbox(database), rooms.log));
        RedisStore redis = redis();
        Ledger ledger = ledger(journal, rooms.caughtUp, redis);
        RateLimiter rates = redis == null ? new MemoryRateLimiter(clock) : redis.rateLimiter(RedisStore.INSTALLATION);
        check("keys", () -> rooms.keys.list(1).map("reached"));
        check("tickets", () -> rooms.tickets.list(Ticket.State.PENDING, 1).map("reached"));
        check("index", () -> rooms.index.recent(AuditIndex.Filter.ALL, 1).map("reached"));
        ShelvedPayloads payloads = payloads(rooms.shelf);
        return new Stores(
                rooms.keys,
                rooms.tokens,
                rooms.sessions,
                rooms.tickets,
                rooms.grants,
                new SealedReplies(
                        rooms.replies, PayloadKeys.parse(settings.payloads().key())),
                calls(rooms.log),
                checkpoint::get,
                journal.feed(),
                rooms.index,
                payloads,
                ledger,
                rates,
                journal.recovered().told(),
                health(),
                List.copyOf(closing));
    }

    /** The log as the calls see it. Nobody must think that they are recorded where they are not. */
    private AuditLog calls(AuditLog log) {
        if (settings.audit().recordsCalls()) {
            return log;
        }
        LOG.warn("CALLS ARE NOT RECORDED: audit.durability is off. There is no evidence of what passes from now on.");
        check("recording", () -> Future.succeededFuture("CALLS ARE NOT RECORDED (audit.durability: off)"));
        Map<String, String> details = Map.of("setting", "audit.durability off");
        log.append(new Administrative(clock.instant(), "calls_not_recorded", "gateway", "audit", details))
                .onFailure(failure ->
                        LOG.error("that calls are not recorded could not be recorded: {}", failure.toString()));
        return new SilentLog(log);
    }

    /** What is kept either all on this machine or all in MongoDB. */
    private record Rooms(
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
            JournalRetention.Before beforeDrop) {}

    private ShelvedPayloads payloads(PayloadShelf shelf) {
        PayloadPolicy policy = settings.payloads();
        ShelvedPayloads payloads = opened(ShelvedPayloads.open(
                shelf, PayloadKeys.parse(policy.key()), policy.backlog().bytes(), clock));
        check("payloads", payloads::state);
        return payloads;
    }

    private Rooms here(Journal journal, SqliteDatabase database) throws IOException {
        SqliteAuditIndex index = new SqliteAuditIndex(database, journal.folder());
        followers.add(index.sink()::upTo);
        JournalTail tail = opened(journal.tail(index.sink(), INDEX_PACE).start("tollgate-index"));
        return new Rooms(
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

    private Rooms shared(Journal journal, String mongo) throws IOException {
        StorePolicy store = settings.store();
        MongoConnection connection = opened(MongoConnection.open(mongo, store.mongoDatabase(), store.timeout()));
        check("mongo", () -> connection.ping().map("reached"));
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
        ShippedLog log = opened(ShippedLog.start(journal, sink, settings.audit(), clock));
        check("shipping", log::state);
        followers.add(log::shipped);
        MongoSightings others =
                opened(MongoSightings.start(connection, journal.head().node()));
        journal.see(others::seen);
        if (settings.audit().keep() != null) {
            opened(MongoRetention.start(connection));
        }
        MongoAuditIndex index = new MongoAuditIndex(connection);
        LedgerOpening.CaughtUp caughtUp = () -> {
            log.catchUp();
            return index;
        };
        return new Rooms(
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

    /** A collector that is away holds up nothing: its check tells of it and does not fail. */
    private void anchors(Journal journal) throws IOException {
        AnchorPolicy wanted = settings.audit().anchors();
        if (wanted.isEmpty()) {
            return;
        }
        Anchors anchors = opened(Anchors.start(journal, wanted, System.out));
        check("anchors", () -> Future.succeededFuture(anchors.trouble().isEmpty() ? "told" : anchors.trouble()));
    }

    private void retention(Journal journal, JournalRetention.Before before) {
        Duration keep = settings.audit().keep();
        if (keep == null) {
            return;
        }
        JournalRetention retention =
                opened(new JournalRetention(journal, keep, clock, List.copyOf(followers), before).start());
        check("retention", () -> Future.succeededFuture(retention.trouble().isEmpty() ? "looks" : retention.trouble()));
    }

    private void streams(Journal journal) throws IOException {
        List<AuditStream> wanted = settings.audit().streams();
        if (wanted.isEmpty()) {
            return;
        }
        RecordStreams streams = opened(RecordStreams.start(journal, dataFolder, wanted, clock));
        followers.addAll(streams.followers());
        check("streams", () -> Future.succeededFuture(sentence(streams)));
    }

    private static String sentence(RecordStreams streams) {
        try {
            return streams.states().stream()
                    .map(state -> state.id() + ": " + state.waitingBytes() + " bytes wait"
                            + state.trouble().map(why -> ", " + why).orElse(""))
                    .collect(Collectors.joining("; "));
        } catch (IOException unreadable) {
            return "cannot tell: " + unreadable.getMessage();
        }
    }

    private @Nullable RedisStore redis() throws IOException {
        String uri = settings.store().redis();
        return uri == null
                ? null
                : opened(RedisStore.open(
                        uri, settings.store().redisCluster(), settings.store().timeout()));
    }

    private Ledger ledger(Journal journal, LedgerOpening.CaughtUp log, @Nullable RedisStore redis) throws IOException {
        LedgerOpening opening = new LedgerOpening(journal, log, clock);
        Ledger ledger = redis == null ? opening.inMemory() : opening.inRedis(redis);
        check("counters", () -> ledger.isIntact().compose(StoreOpening::counters));
        return ledger;
    }

    private static Future<String> counters(boolean intact) {
        return intact
                ? Future.succeededFuture("intact")
                : Future.failedFuture("not all nodes have told what they spent; tollgate ledger status names them");
    }

    /** A journal that could not be written is written to again, because without calls nothing else would find out that it can be. */
    private Future<String> probe(Journal journal) {
        String chain = journal.head().chain().toString();
        return journal.trouble().isEmpty()
                ? Future.succeededFuture("chain " + chain)
                : journal.append(new Administrative(clock.instant(), "journal_probed", "gateway", chain, Map.of()))
                        .map("chain " + chain + " can be written again");
    }

    private void check(String name, Supplier<Future<String>> probe) {
        checks.add(() -> probe.get()
                .timeout(CHECK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .map(detail -> new Check(name, true, detail))
                .otherwise(failure -> new Check(name, false, String.valueOf(failure.getMessage()))));
    }

    private HealthChecks health() {
        List<Supplier<Future<Check>>> all = List.copyOf(checks);
        return () -> Future.join(all.stream().map(Supplier::get).toList()).map(done -> done.<Check>list());
    }

    @CanIgnoreReturnValue
    private <T extends AutoCloseable> T opened(T resource) {
        closing.addFirst(resource);
        return resource;
    }
}
