package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.MoneyLoad.Node;
import dev.tollgate.MoneyLoad.Told;
import dev.tollgate.audit.Journal;
import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.cli.TollgateCommand;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.store.redis.RedisWitness;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@link MoneyLoad} at two gateways that share Redis, of which one is killed in the middle. Whatever either is granted or refused is what one
 * ledger would have answered that sees one call after the other; no counter is ever above its limit; no hold outlives its lease; and in the end
 * the counters are what the two logs say.
 */
class SharedMoneyTest {
    private static final int ANSWERS_BEFORE_THE_KILL = 120;
    private static final int MAX_COUNTERS = 10_000;
    /** Holds whose lease is over are charged every five seconds; two processes and a test share this machine. */
    private static final Duration SWEPT_WITHIN = Duration.ofSeconds(15);

    private static final Pattern KEY = Pattern.compile("tg_\\S+");

    @TempDir
    private Path folder;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Test
    void everyKindOfCall_atTwoNodesOfWhichOneIsKilled_isCountedExactly() throws Exception {
        try (RedisProcess redis = new RedisProcess();
                RedisWitness witness = new RedisWitness(redis);
                RedisStore store = RedisStore.open(redis.uri(), Duration.ofSeconds(10));
                ScriptedProvider provider = MoneyLoad.provider()) {
            Path policies = Files.createDirectories(folder.resolve("policies"));
            Files.writeString(
                    policies.resolve("policy.yaml"),
                    MoneyLoad.POLICY.replace("PROVIDER", "http://127.0.0.1:" + provider.port));
            String setting = "store.redis=" + redis.uri();
            CompletableFuture<Integer> looks =
                    CompletableFuture.supplyAsync(() -> look(store), Thread::startVirtualThread);

            List<Told> told = load(policies, setting, store);
            startAgain(policies, setting, "one");
            startAgain(policies, setting, "two");
            isOver.set(true);

            assertThat(looks.get(20, TimeUnit.SECONDS))
                    .as("looks at the counters")
                    .isGreaterThan(20);
            witness.catchUp();
            assertThat(witness.disagreements).isEmpty();
            assertThat(witness.oracle.overruns()).isEmpty();
            assertThat(witness.oracle.grants()).isGreaterThan(100);
            assertThat(told.stream().filter(Told::isOverBudget).map(Told::exchange))
                    .isSubsetOf(witness.oracle.refused())
                    .hasSizeGreaterThan(50);
            Contents counted = counted(store);
            assertThat(counted.holds()).isEmpty();
            assertThat(counted.levels()).extracting(Level::held).containsOnly(0L);
            assertThat(counted.levels().stream()
                            .filter(level -> level.spent() != 0)
                            .collect(Collectors.toMap(Level::key, Level::spent)))
                    .isEqualTo(logged(policies))
                    .isEqualTo(witness.oracle.spent());
        }
    }

    private List<Told> load(Path policies, String setting, RedisStore store) throws Exception {
        CompletableFuture<GatewayProcess> starting =
                CompletableFuture.supplyAsync(() -> started(policies, "two", setting), Thread::startVirtualThread);
        try (GatewayProcess first = started(policies, "one", setting);
                GatewayProcess second = starting.get(60, TimeUnit.SECONDS);
                MoneyLoad load = new MoneyLoad()) {
            List<Node> nodes = List.of(node(first, "one"), node(second, "two"));
            List<Told> told = load.run(nodes, one -> {
                if (one.status() != 0 && answered.incrementAndGet() == ANSWERS_BEFORE_THE_KILL) {
                    kill(first);
                }
            });
            assertThat(told).filteredOn(one -> one.status() != 0).hasSizeGreaterThan(ANSWERS_BEFORE_THE_KILL);
            // What the killed node held is charged by the other one.
            long until = System.nanoTime() + SWEPT_WITHIN.toNanos();
            while (!counted(store).holds().isEmpty()) {
                assertThat(System.nanoTime()).as("holds that nobody ends").isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return told;
        }
    }

    private static void kill(GatewayProcess gateway) {
        try {
            gateway.kill();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private GatewayProcess started(Path policies, String name, String setting) {
        try {
            return GatewayProcess.startWith(
                    policies,
                    Files.createDirectories(folder.resolve(name + "-node")).resolve("data"),
                    setting);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path data(String name) {
        return folder.resolve(name + "-node").resolve("data");
    }

    private Node node(GatewayProcess gateway, String name) {
        List<String> keys = new ArrayList<>();
        for (String agent : List.of("one", "two", "two")) {
            StringWriter out = new StringWriter();
            List<String> command = new ArrayList<>(List.of("keys", "create", "--agent", agent, "--team", "testers"));
            command.addAll(GatewayProcess.options(data(name)));
            CommandLine commands = TollgateCommand.commandLine(new Serving(), InstantSource.system())
                    .setOut(new PrintWriter(out, true));
            assertThat(commands.execute(command.toArray(String[]::new))).isZero();
            Matcher key = KEY.matcher(out.toString());
            assertThat(key.find()).as(out.toString()).isTrue();
            keys.add(key.group());
        }
        return new Node(gateway.url(), keys);
    }

    /** Looks at all counters and holds again and again; yields how often. */
    private int look(RedisStore store) {
        int looks = 0;
        try {
            while (!isOver.get()) {
                Contents contents = counted(store);
                contents.levels().forEach(MoneyLoad::assertWithinLimit);
                Instant oldest = Instant.now().minus(SWEPT_WITHIN);
                assertThat(contents.holds())
                        .allSatisfy(hold -> assertThat(hold.held().leaseUntil()).isAfter(oldest));
                looks++;
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException | TimeoutException hangs) {
            throw new AssertionError(hangs);
        }
        return looks;
    }

    private static Contents counted(RedisStore store) throws TimeoutException {
        return store.contents(RedisStore.INSTALLATION, MAX_COUNTERS).await(10, TimeUnit.SECONDS);
    }

    /** What a node's log says of what was charged for want of knowing better, it says to the counters when the node starts again. */
    private void startAgain(Path policies, String setting, String name) throws Exception {
        Bundle settings = new PolicyLoader(policies, List.of(setting), Environment.SYSTEM)
                .load()
                .bundle();
        StoreOpening.open(settings, data(name), InstantSource.system()).close();
    }

    /** What both logs add up to. */
    private Map<String, Long> logged(Path policies) throws Exception {
        Bundle bundle =
                new PolicyLoader(policies, List.of(), Environment.SYSTEM).load().bundle();
        Map<String, Long> spent = new HashMap<>();
        for (String name : List.of("one", "two")) {
            try (Journal journal = Journal.open(data(name), bundle.audit(), InstantSource.system(), counter -> true)) {
                journal.recovered().spent().forEach((key, amount) -> spent.merge(key, amount, Long::sum));
            }
        }
        return spent;
    }
}
