package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Ledger;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.value.NanoUsd;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Money under concurrency, over HTTP: of 200 calls at once exactly those are served that the budget affords. */
class SharedBudgetTest {
    private static final int CALLS = 200;
    private static final int AFFORDED = 50;
    /** Worst case of one call: 8 bytes of text as tokens of input at $0.15 and 50 of output at $0.60 a million, see {@link #costOf}. */
    private static final String BODY = Call.OPENAI_CHAT.body("hi there");

    private static String policy(String limit) {
        return GatewayFixture.providers()
                + "server: {limits: {open_per_key: 1000}}\n"
                + "budget: {budgets: [{id: total, scope: all, limit: " + limit + "}]}\n";
    }

    /** What one call holds and, since the scripted usage is smaller, more than what it costs. */
    private static NanoUsd costOf() throws Exception {
        try (GatewayFixture one = new GatewayFixture(policy("1000"))) {
            assertThat(one.post(Call.OPENAI_CHAT.path, BODY).status()).isEqualTo(200);
            return java.util.Objects.requireNonNull(one.newest().reservation()).amount();
        }
    }

    private static String dollars(NanoUsd each) {
        // Fifty and a half: the half must not let a fifty-first pass.
        return new java.math.BigDecimal(each.nanos() * AFFORDED + each.nanos() / 2)
                .movePointLeft(9)
                .toPlainString();
    }

    @Test
    void calls_atOnce_onOneGateway_areServedAsFarAsTheBudgetGoes() throws Exception {
        try (GatewayFixture gateway =
                new GatewayFixture(policy(dollars(costOf())), new MemoryLedger(InstantSource.system()))) {
            assertExactlyTheAfforded(List.of(gateway));
        }
    }

    @Test
    void calls_atOnce_onTwoGatewaysThatShareRedis_areServedAsFarAsTheBudgetGoes() throws Exception {
        String policy = policy(dollars(costOf()));
        try (RedisProcess redis = new RedisProcess();
                RedisStore first = RedisStore.open(redis.uri(), Duration.ofSeconds(5));
                RedisStore second = RedisStore.open(redis.uri(), Duration.ofSeconds(5))) {
            Ledger one = opened(first, "one", "two");
            Ledger two = opened(second, "two", "one");
            try (GatewayFixture left = new GatewayFixture(policy, one);
                    GatewayFixture right = new GatewayFixture(policy, two)) {
                assertExactlyTheAfforded(List.of(left, right));
            }
        }
    }

    @Test
    void budget_onlyObserved_countsWhatItWouldHaveRefused() throws Exception {
        String tight = policy("0.000001").replace("budget: {", "budget: {mode: observe, ");
        try (GatewayFixture gateway = new GatewayFixture(tight, new MemoryLedger(InstantSource.system()))) {
            Answer answer = gateway.post(Call.OPENAI_CHAT.path, BODY);

            assertThat(answer.status()).isEqualTo(200);
            gateway.assertNothingLeft();
            Received received = gateway.newest();
            assertThat(received.verdicts()).anyMatch(verdict -> verdict.result().equals("would_deny"));
            String counter = java.util.Objects.requireNonNull(received.reservation())
                    .counters()
                    .get(0);
            assertThat(gateway.spent(counter)).isEqualTo(10 * 150L + 5 * 600L);
        }
    }

    private static Ledger opened(RedisStore store, String self, String other) throws Exception {
        Ledger ledger = store.ledger(
                "shared",
                new RedisLedger.Self(self, Set.of(other), met -> {}, counter -> true, InstantSource.system()));
        ledger.restore(Map.of(), List.of())
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        return ledger;
    }

    /** The provider answers nobody before all calls have been decided, so that holds alone keep the budget. */
    private static void assertExactlyTheAfforded(List<GatewayFixture> gateways) throws Exception {
        CountDownLatch denied = new CountDownLatch(CALLS - AFFORDED);
        gateways.forEach(gateway -> gateway.provider.on("parked", turn -> {
            denied.await();
            turn.json(200, ScriptedProvider.COMPLETION);
        }));
        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                GatewayFixture gateway = gateways.get(i % gateways.size());
                calls.add(() -> {
                    Answer answer = gateway.post(Call.OPENAI_CHAT.path, BODY, "x-script", "parked");
                    if (answer.status() != 200) {
                        denied.countDown();
                    }
                    return answer;
                });
            }
            for (Future<Answer> done : threads.invokeAll(calls)) {
                answers.add(done.get());
            }
        }

        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(AFFORDED);
        assertThat(answers.stream()
                        .filter(answer ->
                                answer.status() == 400 && answer.body().contains("budget_exceeded")))
                .hasSize(CALLS - AFFORDED);
        assertThat(gateways.stream()
                        .mapToInt(gateway -> gateway.provider.requests("parked"))
                        .sum())
                .isEqualTo(AFFORDED);
        String counter = gateways.stream()
                .flatMap(gateway -> gateway.records(Received.class).stream())
                .filter(received -> received.reservation() != null)
                .findFirst()
                .orElseThrow()
                .reservation()
                .counters()
                .get(0);
        for (GatewayFixture gateway : gateways) {
            gateway.assertNothingLeft();
        }
        // Ten tokens in and five out, fifty times.
        assertThat(gateways.get(0).spent(counter)).isEqualTo(AFFORDED * (10 * 150L + 5 * 600L));
    }
}
