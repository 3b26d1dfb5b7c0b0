package dev.tollgate;

import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.payload.MemoryPayloads;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.console.Webhooks;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.http.Meters;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.pipeline.Notice;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.store.memory.MemoryAccessTokenStore;
import dev.tollgate.store.memory.MemoryConsoleSessionStore;
import dev.tollgate.store.memory.MemoryGrantStore;
import dev.tollgate.store.memory.MemoryKeptReplies;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.store.memory.MemoryTicketStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import dev.tollgate.wire.Wires;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A whole data plane whose state is in memory and can be looked at. */
public final class MemoryGateway {
    /** One for all: a vocabulary takes half a second to load and tens of megabytes. */
    private static final TokenCounter TOKENS = new TokenCounter(Runnable::run, new java.util.SplittableRandom(1));

    public final List<AuditRecord> records = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    public final List<Notice> notices = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    public final Ledger ledger;
    public final MemoryPayloads payloads = new MemoryPayloads();
    public final TicketStore tickets;
    public final KeptReplies replies;
    public final MemoryGrantStore grants = new MemoryGrantStore();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final KeyStore keys;
    /** Where held calls wait. */
    public final TicketDesk desk;

    public final String key;
    public final int port;
    private final Gateway gateway;
    private final PolicySource policies;
    /** Asked before each record is kept; what it answers is what the log answers. */
    public volatile AuditLog log = record -> Future.succeededFuture();
    /** How much later it is for the gateway than it is. */
    public volatile Duration ahead = Duration.ZERO;
    /** Asked before each key is looked up. */
    public volatile Runnable beforeKeys = () -> {};
    /** Whether keys cannot be looked up. */
    public volatile boolean keysAway;

    public MemoryGateway(Vertx vertx, Path bundle, List<String> overrides, Environment environment, String sandboxUrl)
            throws Exception {
        this(
                vertx,
                bundle,
                overrides,
                environment,
                sandboxUrl,
                new Counters(new MemoryLedger(InstantSource.system()), new MemoryRateLimiter(InstantSource.system())));
    }

    /** Where it counts money, how fast calls come, and tokens. */
    public record Counters(Ledger ledger, RateLimiter rates, TokenCounter tokens) {
        public Counters(Ledger ledger, RateLimiter rates) {
            this(ledger, rates, TOKENS);
        }
    }

    /**
     * What nodes share.
     *
     * @param beside the node whose keys are its keys too; null for one of its own
     */
    public record Shared(
            TicketStore tickets,
            KeptReplies replies,
            @Nullable MemoryGateway beside) {
        /** Nothing. */
        public static Shared nothing() {
            return new Shared(new MemoryTicketStore(), new MemoryKeptReplies(), null);
        }
    }

    public MemoryGateway(
            Vertx vertx,
            Path bundle,
            List<String> overrides,
            Environment environment,
            String sandboxUrl,
            Counters counters)
            throws Exception {
        this(vertx, bundle, overrides, environment, sandboxUrl, counters, Shared.nothing());
    }

    public MemoryGateway(
            Vertx vertx,
            Path bundle,
            List<String> overrides,
            Environment environment,
            String sandboxUrl,
            Counters counters,
            Shared shared)
            throws Exception {
        ledger = counters.ledger();
        tickets = shared.tickets();
        replies = shared.replies();
        if (shared.beside() == null) {
            KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.system())
                    .mint(new AgentId("tester"), new TeamId("testers"), Scopes.ALL, null);
            key = minted.secret().value();
            keys = keys(minted.key());
        } else {
            key = shared.beside().key;
            keys = shared.beside().keys;
        }
        policies = PolicySource.start(
                new PolicyLoader(bundle, overrides, environment),
                Serving.compilers(new Wires(), environment, sandboxUrl, bundle),
                InstantSource.system());
        Stores stores = new Stores(
                keys,
                new MemoryAccessTokenStore(),
                new MemoryConsoleSessionStore(),
                tickets,
                grants,
                replies,
                record -> log.append(record).onSuccess(kept -> {
                    if (records.size() < 100_000) {
                        records.add(record);
                    }
                }),
                () -> "",
                new NoFeed(),
                new NoIndex(),
                payloads,
                ledger,
                counters.rates(),
                Map.of(),
                () -> Future.succeededFuture(List.of()),
                List.of());
        Webhooks webhooks = new Webhooks(vertx, policies, Webhooks.Pauses.USUAL);
        gateway = new Gateway(
                vertx,
                policies,
                stores,
                counters.tokens(),
                new Gateway.Watchers(new Meters(meters), notice -> {
                    notices.add(notice);
                    webhooks.tell(notice);
                }),
                new Gateway.Chance(
                        () -> Instant.now().plus(ahead),
                        new SecureRandom(),
                        dev.tollgate.detect.Placeholders.passing(new SecureRandom())));
        desk = gateway.desk();
        port = gateway.start().toCompletionStage().toCompletableFuture().get();
    }

    BudgetAlerts alerts() {
        return gateway.alerts();
    }

    /** Puts its bundle into force as it stands by now. */
    public void reload() {
        if (!policies.reload()) {
            throw new AssertionError("not sound: " + policies.lastFailure());
        }
    }

    /** The version of the bundle in force. */
    public String policy() {
        return policies.current().version();
    }

    /** How many exchanges have begun and not ended. */
    public int openExchanges() {
        return gateway.openExchanges();
    }

    /** How many calls wait for a person, with or without a ticket yet. */
    public int heldCalls() {
        return (int) meters.get("tollgate.held.calls").gauge().value();
    }

    /** How many calls wait for a place under way. */
    public int queuedCalls() {
        return (int) meters.get("tollgate.queued.calls").gauge().value();
    }

    private KeyStore keys(Key only) {
        Map<String, Key> byHash = new ConcurrentHashMap<>(Map.of(only.hash(), only));
        AtomicLong revision = new AtomicLong(1);
        return new KeyStore() {
            @Override
            public java.util.OptionalLong revision() {
                return java.util.OptionalLong.of(revision.get());
            }

            @Override
            public Future<Optional<Key>> findByHash(String hash) {
                beforeKeys.run();
                return keysAway
                        ? Future.failedFuture("the store of keys is away")
                        : Future.succeededFuture(Optional.ofNullable(byHash.get(hash)));
            }

            @Override
            public Future<Optional<Key>> find(KeyId id) {
                return Future.succeededFuture(byHash.values().stream()
                        .filter(key -> key.id().equals(id))
                        .findFirst());
            }

            @Override
            public Future<Boolean> endBy(KeyId id, Instant at) {
                byHash.replaceAll((hash, key) -> key.id().equals(id) ? key.endingBy(at) : key);
                revision.incrementAndGet();
                return Future.succeededFuture(true);
            }

            @Override
            public Future<Void> add(Key key) {
                byHash.put(key.hash(), key);
                return Future.succeededFuture();
            }

            @Override
            public Future<Boolean> revoke(KeyId id, Instant at) {
                byHash.replaceAll((hash, key) -> key.id().equals(id) ? key.revoked(at) : key);
                revision.incrementAndGet();
                return Future.succeededFuture(true);
            }

            @Override
            public Future<List<Key>> list(int limit) {
                return Future.succeededFuture(List.copyOf(byHash.values()));
            }
        };
    }

    private static final class NoIndex implements AuditIndex {
        @Override
        public Future<AgentPast> past(AgentPast.Question question) {
            return Future.succeededFuture(AgentPast.NONE);
        }

        @Override
        public Future<List<SessionRow>> sessions(SessionQuery query) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<ExchangeRow>> recent(Filter filter, int limit) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Optional<ExchangeRow>> find(String exchangeId) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<List<SpendQuery.SpendGroup>> spend(SpendQuery query) {
            return Future.succeededFuture(List.of());
        }
    }

    /** Runs one until it is killed: {@code FOLDER PORT}. */
    public static void main(String[] arguments) throws Exception {
        MemoryGateway gateway = new MemoryGateway(
                Vertx.vertx(),
                Path.of(arguments[0]),
                List.of("server.data_plane.port=" + arguments[1]),
                Environment.SYSTEM,
                "http://127.0.0.1:9");
        System.out.println("listening on " + gateway.port + " key " + gateway.key);
    }

    /** Nobody follows what these tests record. */
    private static final class NoFeed implements RecordFeed {
        @Override
        public Position end() {
            return Position.START;
        }

        @Override
        public Stretch read(Position from, int most) {
            return new Stretch(List.of(), from, "");
        }
    }
}
