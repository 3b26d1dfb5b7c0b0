package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.payload.MemoryPayloads;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Entries;
import dev.tollgate.exchange.Exchanges;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.policy.BudgetPolicy;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Bundles;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.policy.ListenPolicy;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.store.memory.MemoryAccessTokenStore;
import dev.tollgate.store.memory.MemoryConsoleSessionStore;
import dev.tollgate.store.memory.MemoryGrantStore;
import dev.tollgate.store.memory.MemoryKeptReplies;
import dev.tollgate.store.memory.MemoryKeyStore;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.memory.MemoryTicketStore;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TicketId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Everything around a console, in memory. */
final class FakeRooms {
    final SecureRandom random = new SecureRandom();
    final String token = "tga_" + HexFormat.of().formatHex(random.generateSeed(20));
    final MemoryTicketStore tickets = new MemoryTicketStore();
    final MemoryGrantStore grants = new MemoryGrantStore();
    final MemoryKeptReplies replies = new MemoryKeptReplies();
    final FakeIndex index = new FakeIndex();
    final MemoryAccessTokenStore tokens = new MemoryAccessTokenStore();
    final MemoryConsoleSessionStore sessions = new MemoryConsoleSessionStore();
    final MemoryKeyStore keys = new MemoryKeyStore(true);
    final List<HealthChecks.Check> checks = new ArrayList<>(List.of(
            new HealthChecks.Check("journal", true, "0 records wait to be written"),
            new HealthChecks.Check("keys", true, "SQLite answered in 0.4 ms")));
    final FakePolicy policy = new FakePolicy();
    final FakeProviders providers = new FakeProviders();
    final FakeIntegrity integrity = new FakeIntegrity();
    RecordFeed feed = new RecordFeed() {
        @Override
        public Position end() {
            return Position.START;
        }

        @Override
        public Stretch read(Position from, int most) {
            return new Stretch(List.of(), from, "");
        }
    };
    PayloadStore payloads = new MemoryPayloads();
    final FakeLog log = new FakeLog();
    final InstantSource clock;
    final KeyMint mint;
    final MemoryLedger ledger;

    FakeRooms(InstantSource clock) {
        this.clock = clock;
        this.mint = new KeyMint(random, clock);
        this.ledger = new MemoryLedger(clock);
    }

    /** Starts a console that shows what is here, and yields its port. */
    int open(Vertx vertx) throws Exception {
        return new ConsoleServer(vertx, collaborators(vertx), settings(0), clock, random)
                .start()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** A browser at such a console, signed in as its administrator. */
    Browser administrator(Vertx vertx) throws Exception {
        Browser browser = new Browser(open(vertx));
        browser.signIn(token);
        return browser;
    }

    Collaborators collaborators(Vertx vertx) {
        return new Collaborators(
                tickets,
                new TicketDesk(vertx, tickets, (event, ticket) -> Future.succeededFuture(), clock),
                grants,
                replies,
                index,
                log::append,
                feed,
                payloads,
                keys,
                mint,
                tokens,
                new AccessTokenMint(random, clock),
                sessions,
                ledger,
                policy,
                providers,
                integrity,
                () -> Future.succeededFuture(List.copyOf(checks)),
                () -> "# TYPE tollgate_open_exchanges gauge\ntollgate_open_exchanges 0.0\n",
                new AdminToken(token));
    }

    void hold(Ticket ticket) {
        require(tickets.openOrJoin(ticket));
    }

    Ticket ticket(String id) {
        return tickets.find(new TicketId(id)).result().orElseThrow();
    }

    /** The stores of tests answer at once. */
    static void require(Future<?> done) {
        if (!done.succeeded()) {
            throw new IllegalStateException("a sample could not be stored", done.cause());
        }
    }

    static ConsoleSettings settings(int port) {
        return new ConsoleSettings(
                new ListenPolicy("127.0.0.1", port, null, null, false),
                List.of(),
                "http://127.0.0.1:8787",
                "sandbox/sandbox-small",
                "0.1.0");
    }

    /** A log that remembers, and can refuse. */
    static final class FakeLog {
        final List<Administrative> records = new ArrayList<>();
        boolean refuses;

        synchronized Future<Void> append(AuditRecord record) {
            if (refuses) {
                return Future.failedFuture(new IllegalStateException("disk full"));
            }
            records.add((Administrative) record);
            return Future.succeededFuture();
        }

        synchronized List<String> actions() {
            return records.stream().map(Administrative::action).toList();
        }
    }

    /** Providers of which one works and one is left out. */
    static final class FakeProviders implements ProviderFigures {
        final Map<String, Figures> figures = new TreeMap<>();
        final Map<String, String> breakers = new TreeMap<>();

        @Override
        public Map<String, Figures> figures() {
            return figures;
        }

        @Override
        public Map<String, String> breakers() {
            return breakers;
        }

        @Override
        public String missing(String provider) {
            return provider.equals("groq") ? "set GROQ_API_KEY" : "";
        }
    }

    /** A journal that is verified when a test says so. */
    static final class FakeIntegrity implements LogDesk {
        Check check = new Check.None();

        @Override
        public Future<Look> look() {
            Head head = new Head("node-1.boot-2", 41, "ab".repeat(32), Position.START);
            return Future.succeededFuture(new Look(
                    Optional.of(head),
                    81_920,
                    "/data/journal",
                    Optional.of(
                            new Seal("tollgate.dev/node-1\n41\n", Instant.now(), 41, "tollgate.dev/node-1+1+AAAA"))));
        }

        @Override
        public void verify() {
            check = new Check.Running(Instant.now(), 20_480, 81_920);
        }

        @Override
        public Check check() {
            return check;
        }
    }

    /** A policy with three budgets. */
    static final class FakePolicy implements PolicyDesk {
        PolicySnapshot current = snapshot("4f2a9c01d7e86b35");
        Optional<Failure> failure = Optional.empty();

        @Override
        public PolicySnapshot current() {
            return current;
        }

        @Override
        public String source() {
            return "built-in default";
        }

        @Override
        public Optional<Failure> lastFailure() {
            return failure;
        }

        @Override
        public Future<PolicySnapshot> reload() {
            return failure.isPresent()
                    ? Future.failedFuture(
                            new IllegalStateException(failure.get().message()))
                    : Future.succeededFuture(current);
        }

        /** Puts another section in force, beside the budgets. */
        void put(ConsolePolicy console) {
            current = snapshot(current.version(), console);
        }

        @Override
        public Future<Map<String, String>> files() {
            return Future.succeededFuture(Map.of("budget.yaml", "budget:\n  request_cap: 10\n"));
        }

        @Override
        public Future<Draft> tryOut(String file, String text, boolean rehearsed) {
            return Future.succeededFuture(
                    text.contains("fifty")
                            ? new Draft(
                                    List.of("budget.yaml:2: budget.request_cap: not an amount: fifty"), List.of(), null)
                            : new Draft(
                                    List.of(),
                                    List.of("budget.request_cap: $10 → $20"),
                                    rehearsed
                                            ? new Rehearsed(
                                                    12,
                                                    1,
                                                    Map.of("no request is kept", 3L),
                                                    List.of(new Rehearsed.Change("ex_1", "deny budget", "pass")))
                                            : null));
        }

        private static PolicySnapshot snapshot(String version, Record... sections) {
            BudgetPolicy budget = new BudgetPolicy(
                    null,
                    NanoUsd.ofDollars("10"),
                    null,
                    null,
                    null,
                    List.of(
                            Entries.of("agent-daily", "100", "agent").entry(),
                            Entries.of("team-daily", "500", "team").entry()));
            Bundle bundle = Bundles.of(
                    Stream.concat(Stream.of(budget), Arrays.stream(sections)).toArray(Record[]::new));
            try {
                return new PolicySnapshot(
                        bundle,
                        version,
                        Exchanges.NOW,
                        Map.of(Budgets.class, Budgets.compiler().compile(bundle)));
            } catch (PolicyException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    static PolicyDesk.Failure failure(Instant at) {
        return new PolicyDesk.Failure(at, "budget.yaml:12: budget.budgets[0].limit: not an amount in dollars: fifty");
    }
}
