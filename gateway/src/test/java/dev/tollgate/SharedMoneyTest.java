package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.Journal;
import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five hundred calls of mixed sizes at two nodes that share Redis: some are left by their clients, some are refused or retried, some time out, and
 * one node is killed in the middle. No budget is overspent, and in the end the counters are what the two logs say.
 */
class SharedMoneyTest {
    private static final int CALLS = 500;
    private static final int ANSWERS_BEFORE_THE_KILL = 150;
    private static final long LIMIT = 1_200_000;
    private static final String POLICY = """
            server: {limits: {open_per_key: 1000, first_byte: 1s}}
            routing: {attempts: 2}
            providers:
              openai: {base_url: "PROVIDER/v1", credential: "sk-test"}
            models:
              both: {targets: [{model: openai/gpt-4o-mini}, {model: openai/gpt-4o}]}
            budget:
              lease: 5s
              budgets:
                - {id: total, scope: all, limit: 0.0012}
                - {id: each, scope: [team, model], limit: 200_000, unit: tokens}
                - {id: calls, scope: agent, limit: 400, unit: requests}
            """;

    private static final String[] SCRIPTS = {"", "", "", "refused", "busy", "slow", "reset"};

    @TempDir
    private Path folder;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final CountDownLatch enough = new CountDownLatch(ANSWERS_BEFORE_THE_KILL);

    @Test
    void fiveHundredCalls_atTwoNodesOfWhichOneIsKilled_overspendNothing() throws Exception {
        try (RedisProcess redis = new RedisProcess();
                ScriptedProvider provider = scripted()) {
            Path policies = Files.createDirectories(folder.resolve("policies"));
            Files.writeString(
                    policies.resolve("policy.yaml"), POLICY.replace("PROVIDER", "http://127.0.0.1:" + provider.port));
            String store = "store.redis=" + redis.uri();
            Path one = folder.resolve("one");
            Path two = folder.resolve("two");
            try (GatewayProcess first = GatewayProcess.startWith(policies, one, store);
                    GatewayProcess second = GatewayProcess.startWith(policies, two, store)) {
                load(first, second);
            }
            // Both start again: what was left open is charged.
            Bundle settings = new PolicyLoader(policies, List.of(store), Environment.SYSTEM)
                    .load()
                    .bundle();
            StoreOpening.open(settings, one, InstantSource.system()).close();
            StoreOpening.open(settings, two, InstantSource.system()).close();

            Contents counted = counted(redis);

            assertThat(answered.get()).isGreaterThan(ANSWERS_BEFORE_THE_KILL);
            assertThat(refused.get()).as("calls that did not fit").isPositive();
            assertThat(counted.holds()).isEmpty();
            assertThat(counted.levels())
                    .allSatisfy(
                            level -> assertThat(level.held()).as(level.key()).isZero());
            assertThat(counted.levels()).hasSizeGreaterThanOrEqualTo(4).allSatisfy(SharedMoneyTest::assertWithinLimit);
            Map<String, Long> spent = new HashMap<>();
            counted.levels().stream()
                    .filter(level -> level.spent() > 0)
                    .forEach(level -> spent.put(level.key(), level.spent()));
            assertThat(spent).isEqualTo(logged(policies, one, two));
        }
    }

    private static void assertWithinLimit(Level level) {
        long limit = level.key().startsWith("tokens:") ? 200_000 : level.key().startsWith("requests:") ? 400 : LIMIT;
        assertThat(level.spent()).as(level.key()).isBetween(0L, limit);
    }

    private void load(GatewayProcess first, GatewayProcess second) throws Exception {
        Random random = new Random(7);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                GatewayProcess gateway = i % 2 == 0 ? first : second;
                int output = 1 + random.nextInt(60);
                String script = SCRIPTS[random.nextInt(SCRIPTS.length)];
                String model = random.nextBoolean() ? "both" : "openai/gpt-4o-mini";
                Duration patience = random.nextInt(6) == 0 ? Duration.ofMillis(150) : Duration.ofSeconds(20);
                calls.add(() -> call(gateway, model, output, script, patience));
            }
            List<java.util.concurrent.Future<Boolean>> all =
                    calls.stream().map(threads::submit).toList();
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            first.kill();
            for (java.util.concurrent.Future<Boolean> call : all) {
                Boolean unused = call.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private boolean call(GatewayProcess gateway, String model, int output, String script, Duration patience)
            throws InterruptedException {
        try {
            int status = gateway.ask(model, output, script, patience).statusCode();
            answered.incrementAndGet();
            refused.addAndGet(status == 400 && !script.equals("refused") ? 1 : 0);
            enough.countDown();
            return true;
        } catch (IOException leftOrKilled) {
            return false;
        }
    }

    private static ScriptedProvider scripted() throws IOException {
        return new ScriptedProvider()
                .on("refused", turn -> turn.json(400, "{\"error\":{\"message\":\"no\"}}"))
                .on("busy", turn -> {
                    if (turn.number() % 2 == 0) {
                        turn.json(503, "{}");
                    } else {
                        turn.json(200, ScriptedProvider.COMPLETION);
                    }
                })
                .on("slow", turn -> {
                    TimeUnit.MILLISECONDS.sleep(turn.number() % 3 == 0 ? 1_500 : 300);
                    turn.json(200, ScriptedProvider.COMPLETION);
                })
                .on("reset", ScriptedProvider.Turn::reset);
    }

    private static Contents counted(RedisProcess redis) throws Exception {
        try (RedisStore store = RedisStore.open(redis.uri(), Duration.ofSeconds(5))) {
            return store.contents(RedisStore.INSTALLATION, 10_000).await(10, TimeUnit.SECONDS);
        }
    }

    /** What both logs add up to. */
    private static Map<String, Long> logged(Path policies, Path... nodes) throws Exception {
        Bundle bundle =
                new PolicyLoader(policies, List.of(), Environment.SYSTEM).load().bundle();
        Map<String, Long> spent = new HashMap<>();
        for (Path node : nodes) {
            try (Journal journal = Journal.open(node, bundle.audit(), InstantSource.system(), counter -> true)) {
                journal.recovered().spent().forEach((key, amount) -> spent.merge(key, amount, Long::sum));
            }
        }
        return spent;
    }
}
