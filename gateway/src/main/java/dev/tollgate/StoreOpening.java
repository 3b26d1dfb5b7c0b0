package dev.tollgate;

import dev.tollgate.approval.Ticket;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalRetention;
import dev.tollgate.audit.SilentLog;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.PayloadShelf;
import dev.tollgate.audit.payload.SealedReplies;
import dev.tollgate.audit.payload.ShelvedPayloads;
import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.policy.AnchorPolicy;
import dev.tollgate.policy.AuditStream;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PayloadPolicy;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.store.sqlite.SqliteAccessTokenStore;
import dev.tollgate.store.sqlite.SqliteAuditIndex;
import dev.tollgate.store.sqlite.SqliteConsoleSessionStore;
import dev.tollgate.store.sqlite.SqliteDatabase;
import dev.tollgate.store.sqlite.SqliteGrantStore;
import dev.tollgate.store.sqlite.SqliteKeptReplies;
import dev.tollgate.store.sqlite.SqliteKeyStore;
import dev.tollgate.store.sqlite.SqliteOutbox;
import dev.tollgate.store.sqlite.SqliteTicketStore;
import dev.tollgate.store.stream.Anchors;
import dev.tollgate.store.stream.RecordStreams;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what the settings say state is kept in. Blocks: not for event loops. */
final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private final Bundle settings;
    private final Path dataFolder;
    private final InstantSource clock;
    private final Opened opened = new Opened();

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
            Stores.close(opening.opened.closing());
            throw failure;
        }
    }

    private Stores open() throws IOException {
        Journal journal = opened.add(Journal.open(
                dataFolder, settings.audit(), clock, counter -> CounterPeriod.isOpen(counter, clock.instant())));
        opened.check("journal", () -> probe(journal));
        AtomicReference<String> checkpoint = new AtomicReference<>("");
        journal.anchor(checkpoint::set);
        String mongo = settings.store().mongo();
        SqliteDatabase database = opened.add(SqliteDatabase.open(
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
        StoreRooms rooms = mongo == null
                ? StoreRooms.here(dataFolder, journal, database, opened)
                : StoreRooms.shared(settings, journal, clock, opened);
        streams(journal);
        anchors(journal);
        retention(journal, rooms.beforeDrop());
        opened.add(OutboxRelay.start(new SqliteOutbox(database), rooms.log()));
        RedisStore redis = redis();
        Ledger ledger = ledger(journal, rooms.caughtUp(), redis);
        RateLimiter rates = redis == null ? new MemoryRateLimiter(clock) : redis.rateLimiter(RedisStore.INSTALLATION);
        opened.check("keys", () -> rooms.keys().list(1).map("reached"));
        opened.check(
                "tickets", () -> rooms.tickets().list(Ticket.State.PENDING, 1).map("reached"));
        opened.check(
                "index", () -> rooms.index().recent(AuditIndex.Filter.ALL, 1).map("reached"));
        ShelvedPayloads payloads = payloads(rooms.shelf());
        return new Stores(
                rooms.keys(),
                rooms.tokens(),
                rooms.sessions(),
                rooms.tickets(),
                rooms.grants(),
                new SealedReplies(
                        rooms.replies(), PayloadKeys.parse(settings.payloads().key())),
                calls(rooms.log()),
                checkpoint::get,
                journal.feed(),
                rooms.index(),
                payloads,
                ledger,
                rates,
                journal.recovered().told(),
                opened.health(),
                opened.closing());
    }

    /** The log as the calls see it. Nobody must think that they are recorded where they are not. */
    private AuditLog calls(AuditLog log) {
        if (settings.audit().recordsCalls()) {
            return log;
        }
        LOG.warn("CALLS ARE NOT RECORDED: audit.durability is off. There is no evidence of what passes from now on.");
        opened.check("recording", () -> Future.succeededFuture("CALLS ARE NOT RECORDED (audit.durability: off)"));
        Map<String, String> details = Map.of("setting", "audit.durability off");
        log.append(new Administrative(clock.instant(), "calls_not_recorded", "gateway", "audit", details))
                .onFailure(failure ->
                        LOG.error("that calls are not recorded could not be recorded: {}", failure.toString()));
        return new SilentLog(log);
    }

    private ShelvedPayloads payloads(PayloadShelf shelf) {
        PayloadPolicy policy = settings.payloads();
        ShelvedPayloads payloads = opened.add(ShelvedPayloads.open(
                shelf, PayloadKeys.parse(policy.key()), policy.backlog().bytes(), clock));
        opened.check("payloads", payloads::state);
        return payloads;
    }

    /** A collector that is away holds up nothing: its check tells of it and does not fail. */
    private void anchors(Journal journal) throws IOException {
        AnchorPolicy wanted = settings.audit().anchors();
        if (wanted.isEmpty()) {
            return;
        }
        Anchors anchors = opened.add(Anchors.start(journal, wanted, System.out));
        opened.check("anchors", () -> Future.succeededFuture(anchors.trouble().isEmpty() ? "told" : anchors.trouble()));
    }

    private void retention(Journal journal, JournalRetention.Before before) {
        Duration keep = settings.audit().keep();
        if (keep == null) {
            return;
        }
        JournalRetention retention =
                opened.add(new JournalRetention(journal, keep, clock, opened.followers(), before).start());
        opened.check(
                "retention",
                () -> Future.succeededFuture(retention.trouble().isEmpty() ? "looks" : retention.trouble()));
    }

    private void streams(Journal journal) throws IOException {
        List<AuditStream> wanted = settings.audit().streams();
        if (wanted.isEmpty()) {
            return;
        }
        RecordStreams streams = opened.add(RecordStreams.start(journal, dataFolder, wanted, clock));
        streams.followers().forEach(opened::follow);
        opened.check("streams", () -> Future.succeededFuture(sentence(streams)));
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
                : opened.add(RedisStore.open(
                        uri, settings.store().redisCluster(), settings.store().timeout()));
    }

    private Ledger ledger(Journal journal, LedgerOpening.CaughtUp log, @Nullable RedisStore redis) throws IOException {
        LedgerOpening opening = new LedgerOpening(journal, log, clock);
        Ledger ledger = redis == null ? opening.inMemory() : opening.inRedis(redis);
        opened.check("counters", () -> ledger.isIntact().compose(StoreOpening::counters));
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
}
