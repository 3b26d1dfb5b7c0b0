package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.LoggedMoney;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two gateways under load whose Redis is stopped and comes back empty: what becomes of calls meanwhile is what the policy says, nobody waits for
 * ever, and afterwards the counters are what the two logs say.
 */
class RedisAwayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CALLERS = 6;
    private static final int ENOUGH = 60;
    private static final int LIMIT = 400;
    private static final String PIECE = "lorem ipsum dolor sit amet ".repeat(25);

    private RedisProcess redis;
    private final List<RedisStore> stores = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<GatewayFixture> gateways = new ArrayList<>();
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private volatile Phase phase = Phase.BEFORE;

    private enum Phase {
        BEFORE,
        AWAY,
        RETURNING,
        BACK,
        OVER
    }

    /** @param during when it began and ended; {@link Phase#RETURNING} where that is not one phase */
    private record Seen(Phase during, GatewayFixture gateway, Call call, Answer answer) {
        String exchange() {
            return answer.header("x-tollgate-exchange-id");
        }
    }

    @BeforeEach
    void start() {
        redis = new RedisProcess();
    }

    @AfterEach
    void stop() throws Exception {
        phase = Phase.OVER;
        for (GatewayFixture gateway : gateways) {
            gateway.close();
        }
        stores.forEach(RedisStore::close);
        redis.close();
    }

    @Test
    void closed_refusesCalls_inTheCallersWire_andThenServesThem() throws Exception {
        run("closed", LIMIT * 1000);

        assertThat(during(Phase.AWAY)).allSatisfy(one -> {
            assertThat(one.answer().status()).isEqualTo(one.call() == Call.ANTHROPIC ? 529 : 503);
            assertThat(one.answer().body())
                    .contains(one.call() == Call.ANTHROPIC ? "overloaded_error" : "enforcement_unavailable");
        });
        assertThat(during(Phase.BACK))
                .allSatisfy(one -> assertThat(one.answer().status()).isEqualTo(200));
        assertCountersAreTheLogs();
    }

    @Test
    void open_letsCallsPass_saysSo_andCountsThemLater() throws Exception {
        run("open", LIMIT * 1000);

        assertThat(during(Phase.AWAY)).allSatisfy(one -> {
            assertThat(one.answer().status()).isEqualTo(200);
            assertThat(rules(one)).contains("ledger_away", "limiter_away");
        });
        assertThat(during(Phase.BACK)).allSatisfy(one -> {
            assertThat(one.answer().status()).isEqualTo(200);
            assertThat(rules(one)).doesNotContain("ledger_away", "limiter_away");
        });
        assertCountersAreTheLogs();
    }

    @Test
    void localShare_servesEachNodesPart_andNoMore() throws Exception {
        run("local_share", LIMIT);

        List<Seen> away = during(Phase.AWAY);
        assertThat(away).allSatisfy(one -> {
            if (one.answer().status() == 200) {
                assertThat(rules(one)).contains("local_share");
            } else {
                assertThat(one.answer().status()).isEqualTo(one.call() == Call.ANTHROPIC ? 402 : 400);
                assertThat(one.answer().body()).contains("budget calls (" + LIMIT + " requests)");
            }
        });
        for (GatewayFixture gateway : gateways) {
            assertThat(away.stream()
                            .filter(one -> one.gateway() == gateway)
                            .map(one -> one.answer().status()))
                    .contains(200)
                    .containsAnyOf(400, 402);
            assertThat(servedBy(gateway, Phase.BEFORE, Phase.AWAY)).isLessThanOrEqualTo(LIMIT / 2);
        }
        Set<String> raised = gateways.stream()
                .flatMap(gateway -> gateway.records(Administrative.class).stream())
                .filter(said -> said.action().equals(Administrative.HOLD_RAISED))
                .map(Administrative::subject)
                .collect(Collectors.toSet());
        assertThat(away.stream()
                        .filter(one -> one.answer().body().endsWith("[DONE]\n\n"))
                        .map(Seen::exchange))
                .as("streams for which more was held within the share")
                .containsAnyElementsOf(raised);
        assertCountersAreTheLogs();
    }

    private void run(String whenAway, long limit) throws Exception {
        String policy =
                GatewayFixture.providers() + """
                server: {limits: {open_per_key: 1000}}
                store: {when_away: AWAY}
                rate_limits: {limits: [{id: pace, scope: key, requests: 1000000, per: 1h}]}
                budget:
                  budgets:
                    - {id: calls, scope: all, limit: LIMIT, unit: requests, period: lifetime}
                    - {id: money, scope: team, limit: 1000}
                    - {id: tokens, scope: key, limit: 90_000_000, unit: tokens}
                """.replace("AWAY", whenAway).replace("LIMIT", Long.toString(limit));
        open(policy, "one", "two");
        open(policy, "two", "one");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS * gateways.size(); i++) {
                GatewayFixture gateway = gateways.get(i % gateways.size());
                int number = i / gateways.size();
                callers.add(threads.submit(() -> {
                    callOn(gateway, number);
                    return true;
                }));
            }
            await(() -> during(Phase.BEFORE).size() >= ENOUGH);
            redis.close();
            phase = Phase.AWAY;
            await(() -> during(Phase.AWAY).size() >= ENOUGH && (limit > LIMIT || bothAreRefused()));
            phase = Phase.RETURNING;
            redis = redis.another();
            await(() -> ledgers.stream().allMatch(RedisAwayTest::isBack));
            phase = Phase.BACK;
            await(() -> during(Phase.BACK).size() >= ENOUGH);
            phase = Phase.OVER;
            for (Future<?> caller : callers) {
                assertThat(caller.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(true);
            }
        }
    }

    private void open(String policy, String self, String other) throws Exception {
        RedisStore store = RedisStore.open(redis.uri(), Duration.ofSeconds(1));
        stores.add(store);
        Ledger ledger = store.ledger(
                "away", new RedisLedger.Self(self, Set.of(other), met -> {}, counter -> true, InstantSource.system()));
        ledger.restore(Map.of(), List.of()).await(10, TimeUnit.SECONDS);
        ledgers.add(ledger);
        GatewayFixture gateway = new GatewayFixture(policy, ledger, store.rateLimiter("away"));
        gateway.provider.on("", turn -> {
            if (turn.body().contains("claude")) {
                turn.json(
                        200,
                        "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":"
                                + "[{\"type\":\"text\",\"text\":\"fine\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                                + "\"usage\":{\"input_tokens\":10,\"output_tokens\":5}}");
            } else if (turn.body().contains("\"stream\":true")) {
                longStream(turn);
            } else {
                turn.json(200, ScriptedProvider.COMPLETION);
            }
        });
        gateways.add(gateway);
    }

    /** Longer than what is held for it. */
    private static void longStream(ScriptedProvider.Turn turn) throws Exception {
        turn.streamHead();
        List<String> opening = StreamScripts.opening(Call.OPENAI_CHAT);
        StreamScripts.send(turn, opening);
        for (int i = 0; i < 5; i++) {
            turn.chunk(opening.getLast().replace("\"ne\"", '"' + PIECE + '"'));
        }
        StreamScripts.finish(turn, Call.OPENAI_CHAT);
    }

    /** One call after the other, of three kinds. */
    private void callOn(GatewayFixture gateway, int number) throws Exception {
        Call call = number % 3 == 0 ? Call.ANTHROPIC : Call.OPENAI_CHAT;
        String body = number % 3 == 1 ? call.streaming("hello") : call.body("hello");
        while (phase != Phase.OVER) {
            Phase begun = phase;
            Answer answer = gateway.post(call.path, body);
            seen.add(new Seen(begun == phase ? begun : Phase.RETURNING, gateway, call, answer));
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private List<Seen> during(Phase when) {
        return seen.stream().filter(one -> one.during() == when).toList();
    }

    private long servedBy(GatewayFixture gateway, Phase... phases) {
        return seen.stream()
                .filter(one -> one.gateway() == gateway && List.of(phases).contains(one.during()))
                .filter(one -> one.answer().status() == 200)
                .count();
    }

    private boolean bothAreRefused() {
        return gateways.stream()
                .allMatch(gateway -> during(Phase.AWAY).stream()
                        .anyMatch(
                                one -> one.gateway() == gateway && one.answer().status() != 200));
    }

    private static boolean isBack(Ledger ledger) {
        try {
            return ledger.sweep().compose(swept -> ledger.isIntact()).await(2, TimeUnit.SECONDS);
        } catch (Exception away) { // however it fails, it is asked again
            return false;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static List<String> rules(Seen one) {
        return one.gateway().records(Received.class).stream()
                .filter(received -> received.exchange().value().equals(one.exchange()))
                .flatMap(received -> received.verdicts().stream())
                .flatMap(verdict -> verdict.rules().stream())
                .toList();
    }

    private void assertCountersAreTheLogs() throws Exception {
        for (GatewayFixture gateway : gateways) {
            gateway.assertNothingLeft();
        }
        await(() -> ledgers.stream().allMatch(RedisAwayTest::isBack));
        Contents counted = ledgers.get(0).contents(10_000).await(10, TimeUnit.SECONDS);
        assertThat(counted.holds()).isEmpty();
        assertThat(counted.levels()).extracting(Level::held).containsOnly(0L);
        assertThat(counted.levels().stream()
                        .filter(level -> level.spent() != 0)
                        .collect(Collectors.toMap(Level::key, Level::spent)))
                .isEqualTo(LoggedMoney.of(gateways));
    }
}
