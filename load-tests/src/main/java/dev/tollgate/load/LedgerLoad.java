package dev.tollgate.load;

import com.sun.management.OperatingSystemMXBean;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Answer.Granted;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the money of one exchange costs: eight budgets are found, reserved in and settled, so many exchanges at once, for some seconds. Usage: {@code LedgerLoad SECONDS
 * [REDIS_URL]}; without an address the counters are in memory, one exchange at a time. Prints exchanges per second and CPU of this process per exchange.
 */
public final class LedgerLoad {
    private static final int IN_FLIGHT = 64;
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final Amounts HELD = new Amounts(2_000_000, 1500, 1);
    private static final Spend SPENT = new Spend(new Amounts(1_000_000, 700, 1), "openai/gpt-4o-mini");
    private static final String POLICY = """
            budget:
              budgets:
                - {id: key, scope: key, limit: 9000000}
                - {id: agent, scope: agent, limit: 9000000}
                - {id: team, scope: team, limit: 9000000, period: month}
                - {id: all, scope: all, limit: 9000000, period: month}
                - {id: model, scope: [team, model], limit: 9000000}
                - {id: tokens, scope: key, limit: 1000000000000, unit: tokens}
                - {id: requests, scope: key, limit: 1000000000000, unit: requests, period: hour}
                - {id: dear, match: {model: "gpt-*"}, scope: team, limit: 9000000, period: week}
            """;

    private final Budgets budgets;
    private final Ledger ledger;
    private final Caller caller = new Caller(
            new KeyId("key_1"),
            new AgentId("agent"),
            new TeamId("team"),
            Scopes.ALL,
            Optional.empty(),
            Labels.NONE,
            false);
    private final Route route = new Route(List.of(new Target("openai", "gpt-4o-mini")), null);
    private final AtomicLong number = new AtomicLong(System.nanoTime());
    private final AtomicLong done = new AtomicLong();
    private volatile boolean stop;

    private LedgerLoad(Budgets budgets, Ledger ledger) {
        this.budgets = budgets;
        this.ledger = ledger;
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("tollgate-ledger-load");
        Files.writeString(folder.resolve("policy.yaml"), POLICY);
        Budgets budgets = PolicySource.start(
                        new PolicyLoader(folder, List.of(), name -> null),
                        List.of(Budgets.compiler()),
                        InstantSource.system())
                .current()
                .view(Budgets.class);
        if (arguments.length == 1) {
            new LedgerLoad(budgets, new MemoryLedger(InstantSource.system())).run("memory", 1, seconds);
            return;
        }
        try (RedisStore redis = RedisStore.open(arguments[1], Duration.ofSeconds(5))) {
            RedisLedger ledger = redis.ledger(
                    "ledger-load",
                    new RedisLedger.Self("load", Set.of(), other -> {}, counter -> true, InstantSource.system()));
            var unused = ledger.restore(Map.of(), List.of())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            new LedgerLoad(budgets, ledger).run("redis", IN_FLIGHT, seconds);
        }
    }

    private void run(String name, int inFlight, int seconds) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        CountDownLatch ended = new CountDownLatch(inFlight);
        for (int i = 0; i < inFlight; i++) {
            Thread.ofPlatform().daemon(true).start(() -> exchange(ended));
        }
        Thread.sleep(Duration.ofSeconds(seconds));
        long cpu = system.getProcessCpuTime();
        long before = done.get();
        long from = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(seconds));
        long exchanges = done.get() - before;
        long nanos = System.nanoTime() - from;
        long used = system.getProcessCpuTime() - cpu;
        stop = true;
        ended.await();
        System.out.printf(
                "%s, %d in flight: %d exchanges/s, CPU %.1f us per exchange%n",
                name, inFlight, exchanges * 1_000_000_000L / nanos, used / 1000.0 / exchanges);
    }

    /** One exchange after the other; where the ledger answers at once, without growing the stack. */
    private void exchange(CountDownLatch ended) {
        while (!stop) {
            Instant now = Instant.now();
            ExchangeId id = new ExchangeId("ex_" + number.incrementAndGet());
            var settled = ledger.reserve(id, budgets.claims(caller, route, now).counters(), HELD, LEASE)
                    .compose(answer -> ledger.settle(id, ((Granted) answer).reservation(), SPENT));
            if (!settled.isComplete()) {
                settled.onComplete(over -> {
                    done.incrementAndGet();
                    exchange(ended);
                });
                return;
            }
            done.incrementAndGet();
        }
        ended.countDown();
    }
}
