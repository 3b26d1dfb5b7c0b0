package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.MoneyLoad.Node;
import dev.tollgate.MoneyLoad.Told;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.store.WitnessLedger;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.TeamId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A gateway under {@link MoneyLoad}: each answer of its ledger is the one that the same calls would get one after the other, no counter is ever
 * above its limit, and in the end the counters are what the log says.
 */
class ExactMoneyTest {
    private static final int AFFORDED = 61;
    private static final int EQUAL_CALLS = 200;
    private static final int MAX_OUTPUT = 50;
    private static final String BODY = Call.OPENAI_CHAT.body("hi there");

    @Test
    void everyKindOfCall_atOnce_inMemory_isCountedExactly() throws Exception {
        assertExact(new MemoryLedger(InstantSource.system()));
    }

    @Test
    void everyKindOfCall_atOnce_inRedis_isCountedExactly() throws Exception {
        try (RedisProcess redis = new RedisProcess();
                RedisStore store = RedisStore.open(redis.uri(), Duration.ofSeconds(10))) {
            // Redis learns a script from the first call that needs it, which is sent a second time: until it knows them
            // all, the order of
            // the commands is not that in which they were asked for.
            run(opened(store, "learning"));
            assertExact(opened(store, "exact"));
        }
    }

    private static void run(Ledger ledger) throws Exception {
        try (MoneyLoad load = new MoneyLoad();
                ScriptedProvider provider = MoneyLoad.provider();
                GatewayFixture gateway = new GatewayFixture(
                        MoneyLoad.POLICY.replace("PROVIDER", "http://127.0.0.1:" + provider.port), ledger)) {
            Node node = new Node("http://127.0.0.1:" + gateway.gateway.port, keys(gateway));

            assertThat(load.run(List.of(node), answer -> {})).isNotEmpty();
        }
    }

    private static void assertExact(Ledger counters) throws Exception {
        WitnessLedger ledger = new WitnessLedger(counters);
        AtomicBoolean isOver = new AtomicBoolean();
        try (MoneyLoad load = new MoneyLoad();
                ScriptedProvider provider = MoneyLoad.provider();
                GatewayFixture gateway = new GatewayFixture(
                        MoneyLoad.POLICY.replace("PROVIDER", "http://127.0.0.1:" + provider.port), ledger)) {
            Node node = new Node("http://127.0.0.1:" + gateway.gateway.port, keys(gateway));
            var looks = java.util.concurrent.CompletableFuture.supplyAsync(
                    () -> look(ledger, isOver), Thread::startVirtualThread);

            List<Told> told = load.run(List.of(node), answer -> {});

            gateway.assertNothingLeft();
            isOver.set(true);
            assertThat(looks.get(20, TimeUnit.SECONDS))
                    .as("looks at the counters")
                    .isGreaterThan(20);
            assertThat(ledger.disagreements).isEmpty();
            assertThat(ledger.oracle.overruns()).isEmpty();
            assertCountersAreTheLogs(gateway, ledger);
            assertRefusalsAreTheOracles(gateway, ledger, told);
            assertEveryKindHappened(gateway, ledger);
        }
    }

    @Test
    void callsOfOneCost_areServedAsManyAtOnce_asOneAfterTheOther() throws Exception {
        String unlimited = priced("1000");
        Amounts each;
        try (GatewayFixture first = new GatewayFixture(unlimited)) {
            assertThat(first.post(Call.OPENAI_CHAT.path, BODY).status()).isEqualTo(200);
            each = java.util.Objects.requireNonNull(first.newest().reservation())
                    .amounts();
        }
        // The half must not let one more pass.
        String affords = priced(new NanoUsd(each.nanos() * AFFORDED + each.nanos() / 2)
                .toString()
                .substring(1));

        assertThat(served(affords, new MemoryLedger(InstantSource.system()), each, 1))
                .isEqualTo(AFFORDED);
        assertThat(served(affords, new MemoryLedger(InstantSource.system()), each, EQUAL_CALLS))
                .isEqualTo(AFFORDED);
        try (RedisProcess redis = new RedisProcess();
                RedisStore store = RedisStore.open(redis.uri(), Duration.ofSeconds(10))) {
            assertThat(served(affords, opened(store, "one by one"), each, 1)).isEqualTo(AFFORDED);
            assertThat(served(affords, opened(store, "at once"), each, EQUAL_CALLS))
                    .isEqualTo(AFFORDED);
        }
    }

    private static String priced(String limit) {
        return GatewayFixture.providers() + "server: {limits: {open_per_key: 1000}}\n"
                + "budget: {budgets: [{id: total, scope: all, limit: " + limit + "}]}\n";
    }

    /** How many of the calls are served, so many at a time, by a provider that uses all that is held. */
    private static int served(String policy, Ledger ledger, Amounts each, int atOnce) throws Exception {
        String usage = "\"prompt_tokens\":" + (each.tokens() - MAX_OUTPUT) + ",\"completion_tokens\":" + MAX_OUTPUT;
        String whole = ScriptedProvider.COMPLETION.replaceAll("\"prompt_tokens\":10,\"completion_tokens\":5", usage);
        try (GatewayFixture gateway = new GatewayFixture(policy, ledger);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.provider.on("whole", turn -> turn.json(200, whole));
            Semaphore places = new Semaphore(atOnce);
            List<Callable<Integer>> calls = Collections.nCopies(EQUAL_CALLS, () -> {
                places.acquire();
                try {
                    return gateway.post(Call.OPENAI_CHAT.path, BODY, "x-script", "whole")
                            .status();
                } finally {
                    places.release();
                }
            });
            int served = 0;
            for (var status : threads.invokeAll(calls)) {
                assertThat(status.get()).isIn(200, 400);
                served += status.get() == 200 ? 1 : 0;
            }
            gateway.assertNothingLeft();
            assertThat(gateway.spent("total/all/" + LocalDate.now(ZoneOffset.UTC)))
                    .isEqualTo(each.nanos() * served);
            return served;
        }
    }

    private static Ledger opened(RedisStore store, String installation) throws Exception {
        Ledger ledger = store.ledger(
                installation,
                new RedisLedger.Self("one", Set.of(), met -> {}, counter -> true, InstantSource.system()));
        ledger.restore(Map.of(), List.of()).await(10, TimeUnit.SECONDS);
        return ledger;
    }

    private static List<String> keys(GatewayFixture gateway) throws Exception {
        List<String> keys = new ArrayList<>();
        for (String agent : List.of("one", "two", "two")) {
            KeyMint.Minted minted = new KeyMint(new SecureRandom(), InstantSource.system())
                    .mint(new AgentId(agent), new TeamId("testers"), Scopes.ALL, null);
            gateway.gateway.keys.add(minted.key()).await(5, TimeUnit.SECONDS);
            keys.add(minted.secret().value());
        }
        return keys;
    }

    /** Looks at all counters again and again; yields how often. */
    private static int look(Ledger ledger, AtomicBoolean isOver) {
        int looks = 0;
        try {
            while (!isOver.get()) {
                Contents contents = ledger.contents(10_000).await(10, TimeUnit.SECONDS);
                contents.levels().forEach(MoneyLoad::assertWithinLimit);
                looks++;
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (java.util.concurrent.TimeoutException | InterruptedException hangs) {
            throw new AssertionError(hangs);
        }
        return looks;
    }

    private static void assertCountersAreTheLogs(GatewayFixture gateway, WitnessLedger ledger) throws Exception {
        Contents counted = ledger.contents(10_000).await(10, TimeUnit.SECONDS);

        assertThat(counted.isWhole()).isTrue();
        assertThat(counted.holds()).isEmpty();
        assertThat(counted.levels()).extracting(Level::held).containsOnly(0L);
        assertThat(counted.levels().stream()
                        .filter(level -> level.spent() != 0)
                        .collect(Collectors.toMap(Level::key, Level::spent)))
                .isEqualTo(LoggedMoney.of(List.of(gateway)))
                .isEqualTo(ledger.oracle.spent());
        assertThat(ledger.oracle.holding()).isEmpty();
    }

    /** Nobody is told that a budget is full but those for whom it was. */
    private static void assertRefusalsAreTheOracles(GatewayFixture gateway, WitnessLedger ledger, List<Told> told) {
        Set<String> denied = gateway.records(Ended.class).stream()
                .filter(ended -> ended.result().equals("denied") && ended.code().equals("budget_exceeded"))
                .map(ended -> ended.exchange().value())
                .collect(Collectors.toSet());
        assertThat(told.stream().filter(Told::isOverBudget).map(Told::exchange))
                .isSubsetOf(denied)
                .hasSizeGreaterThan(50);
        assertThat(ledger.oracle.refused()).containsAll(denied);
    }

    private static void assertEveryKindHappened(GatewayFixture gateway, WitnessLedger ledger) {
        List<Ended> ends = gateway.records(Ended.class);
        assertThat(ends).extracting(Ended::result).contains("completed", "denied", "provider_error", "client_gone");
        assertThat(ends).extracting(Ended::code).contains("secret_found", "model_not_priced", "budget_exceeded");
        assertThat(ends).extracting(Ended::attempts).contains(0, 1, 2);
        assertThat(ends).extracting(Ended::target).contains("openai/gpt-4o-mini", "openai/gpt-4o");
        Set<String> full = gateway.records(Received.class).stream()
                .flatMap(received -> received.verdicts().stream())
                .filter(verdict -> verdict.result().equals("deny"))
                .flatMap(verdict -> verdict.rules().stream())
                .filter(MoneyLoad.LIMITS::containsKey)
                .collect(Collectors.toSet());
        assertThat(full).contains("each-agent", "each-session", "each-project").hasSizeGreaterThan(3);
        assertThat(ledger.oracle.grants()).isGreaterThan(100);
    }
}
