package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.LoggedMoney;
import dev.tollgate.MemoryGateway;
import dev.tollgate.ScriptedProvider.Script;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.LostAttempt;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.store.WitnessLedger;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.store.redis.RedisLedger;
import dev.tollgate.store.redis.RedisProcess;
import dev.tollgate.store.redis.RedisStore;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A target that had the call and did not answer is billed where it counts: in its own budgets and in those of everything. */
class LostAttemptTest {
    private static final String SILENT = "openai/gpt-4o-mini";
    private static final String SERVING = "groq/llama-3.1-8b-instant";
    private static final String POLICY = """
            providers:
              openai: {base_url: "PROVIDER/first/v1", credential: "sk-first"}
              groq: {base_url: "PROVIDER/second/v1", credential: "sk-second"}
            models:
              chat: {targets: [{model: openai/gpt-4o-mini}, {model: groq/llama-3.1-8b-instant}]}
            routing: {attempts: 1, breaker_failures: 0}
            server: {limits: {first_byte: 300ms}}
            """;
    private static final String BUDGETS = """
            budget:
              budgets:
                - {id: money, scope: model, period: lifetime, limit: 1}
                - {id: words, scope: provider, period: lifetime, limit: 90000, unit: tokens}
                - {id: calls, scope: model, period: lifetime, limit: 9, unit: requests}
                - {id: total, scope: all, period: lifetime, limit: 1}
            """;
    private static final String BODY = Call.OPENAI_CHAT.body("hello").replace("gpt-4o-mini", "chat");
    private static final String STREAM = Call.OPENAI_CHAT.streaming("hello").replace("gpt-4o-mini", "chat");
    /** 10 tokens in at $0.05 a million, 5 out at $0.08. */
    private static final long SERVED_NANOS = 10 * 50 + 5 * 80;

    private static GatewayFixture started(String policy, Ledger ledger, Script served) throws Exception {
        return started(
                policy, new MemoryGateway.Counters(ledger, new MemoryRateLimiter(InstantSource.system())), served);
    }

    private static GatewayFixture started(String policy, MemoryGateway.Counters counters, Script served)
            throws Exception {
        GatewayFixture fixture = new GatewayFixture(policy, counters);
        fixture.provider.on("", turn -> {
            if (turn.head().startsWith("POST /first/")) {
                turn.waitForClose();
            } else {
                served.play(turn);
            }
        });
        return fixture;
    }

    private static WitnessLedger memory() {
        return new WitnessLedger(new MemoryLedger(InstantSource.system()));
    }

    private static Map<String, Long> spent(Ledger ledger) throws Exception {
        return ledger.contents(100).await(10, TimeUnit.SECONDS).levels().stream()
                .filter(level -> level.spent() != 0)
                .collect(Collectors.toMap(Level::key, Level::spent));
    }

    private static void assertCounted(GatewayFixture fixture, Ledger ledger) throws Exception {
        Answer answer = fixture.post("/v1/chat/completions", BODY);

        assertThat(answer.status()).isEqualTo(200);
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        LostAttempt lost = ended.lost().getFirst();
        assertThat(lost.target()).isEqualTo(SILENT);
        fixture.assertNothingLeft();
        assertThat(spent(ledger))
                .isEqualTo(Map.of(
                        "money/model/gpt-4o-mini/lifetime",
                        lost.cost().nanos(),
                        "money/model/llama-3.1-8b-instant/lifetime",
                        SERVED_NANOS,
                        "tokens:words/provider/openai/lifetime",
                        lost.inputTokens(),
                        "tokens:words/provider/groq/lifetime",
                        15L,
                        "requests:calls/model/gpt-4o-mini/lifetime",
                        1L,
                        "requests:calls/model/llama-3.1-8b-instant/lifetime",
                        1L,
                        "total/all/lifetime",
                        ended.cost().nanos()))
                .isEqualTo(LoggedMoney.of(List.of(fixture)));
    }

    @Test
    void lostAttempt_countsForItsOwnModelAndProvider_inMemory() throws Exception {
        WitnessLedger ledger = memory();
        try (GatewayFixture fixture = started(POLICY + BUDGETS, ledger, turn -> turn.json(200, COMPLETION))) {
            assertCounted(fixture, ledger);
            assertThat(ledger.disagreements).isEmpty();
            assertThat(ledger.oracle.overruns()).isEmpty();
        }
    }

    @Test
    void lostAttempt_countsForItsOwnModelAndProvider_inRedis() throws Exception {
        try (RedisProcess redis = new RedisProcess();
                RedisStore store = RedisStore.open(redis.uri(), Duration.ofSeconds(10))) {
            Ledger ledger = store.ledger(
                    "lost", new RedisLedger.Self("one", Set.of(), met -> {}, counter -> true, InstantSource.system()));
            ledger.restore(Map.of(), List.of()).await(10, TimeUnit.SECONDS);
            try (GatewayFixture fixture = started(POLICY + BUDGETS, ledger, turn -> turn.json(200, COMPLETION))) {
                assertCounted(fixture, ledger);
            }
        }
    }

    @Test
    void nextTarget_isCalled_whereEachModelHasRoomForItsOwnPartOnly() throws Exception {
        String most;
        try (GatewayFixture rich = started(POLICY + BUDGETS, memory(), turn -> turn.json(200, COMPLETION))) {
            assertThat(rich.post("/v1/chat/completions", BODY).status()).isEqualTo(200);
            most = new NanoUsd(rich.newest().reservation().amounts().nanos())
                    .toString()
                    .substring(1);
        }
        String each = "budget: {budgets: [{id: money, scope: model, period: lifetime, limit: " + most + "}]}";
        WitnessLedger ledger = memory();
        try (GatewayFixture fixture = started(POLICY + each, ledger, turn -> turn.json(200, COMPLETION))) {
            assertThat(fixture.post("/v1/chat/completions", BODY).status()).isEqualTo(200);
            assertThat(ledger.oracle.overruns()).isEmpty();
            fixture.assertNothingLeft();
        }
    }

    @Test
    void silentTargets_allOfThem_countEachForItself() throws Exception {
        WitnessLedger ledger = memory();
        try (GatewayFixture fixture = started(POLICY + BUDGETS, ledger, turn -> turn.waitForClose())) {
            Answer answer = fixture.post("/v1/chat/completions", BODY);

            assertThat(answer.status()).isEqualTo(504);
            Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(ended.target()).isEqualTo(SERVING);
            LostAttempt first = ended.lost().getFirst();
            fixture.assertNothingLeft();
            assertThat(spent(ledger))
                    .containsEntry(
                            "money/model/gpt-4o-mini/lifetime", first.cost().nanos())
                    .containsEntry(
                            "money/model/llama-3.1-8b-instant/lifetime",
                            ended.cost().nanos() - first.cost().nanos())
                    .containsEntry(
                            "tokens:words/provider/groq/lifetime", ended.usage().totalInput())
                    .containsEntry("total/all/lifetime", ended.cost().nanos())
                    .isEqualTo(LoggedMoney.of(List.of(fixture)));
            assertThat(ledger.oracle.overruns()).isEmpty();
        }
    }

    @Test
    void streamBehindALostAttempt_holdsMoreWhereItCounts_andIsCutAtItsOwnBudget() throws Exception {
        String piece = "lorem ipsum dolor sit amet ".repeat(25);
        Script chatter = turn -> {
            turn.streamHead();
            String event = StreamScripts.opening(Call.OPENAI_CHAT).getLast();
            for (int i = 0; i < 20; i++) {
                turn.chunk(event.replace("\"ne\"", '"' + piece + '"'));
            }
            turn.chunk("data: [DONE]\n\n");
            turn.send("0\r\n\r\n");
        };
        WitnessLedger ledger = memory();
        try (GatewayFixture fixture = started(POLICY + BUDGETS, ledger, chatter)) {
            Answer answer = fixture.post("/v1/chat/completions", STREAM);

            assertThat(answer.body()).endsWith("data: [DONE]\n\n").doesNotContain("was cut");
            fixture.assertNothingLeft();
            assertThat(spent(ledger)).isEqualTo(LoggedMoney.of(List.of(fixture)));
            assertThat(ledger.disagreements).isEmpty();
            assertThat(ledger.oracle.overruns()).isEmpty();
        }
        String poor = "budget: {budgets: [{id: words, scope: model, period: lifetime, limit: 1000, unit: tokens}]}";
        WitnessLedger narrow = memory();
        try (GatewayFixture fixture = started(POLICY + poor, narrow, chatter)) {
            Answer answer = fixture.post("/v1/chat/completions", STREAM);

            assertThat(answer.body()).contains("the answer was cut: budget words (1000 tokens)");
            fixture.assertNothingLeft();
            assertThat(spent(narrow).get("tokens:words/model/llama-3.1-8b-instant/lifetime"))
                    .isBetween(100L, 1000L);
            assertThat(spent(narrow)).isEqualTo(LoggedMoney.of(List.of(fixture)));
            assertThat(narrow.oracle.overruns()).isEmpty();
        }
    }

    /** What cannot be counted just when it is lost is counted when the call ends. */
    @Test
    void lostAttempt_whoseCountFails_isBilled_andNoOtherTargetIsCalled() throws Exception {
        AtomicBoolean hasFailed = new AtomicBoolean();
        TokenCounter failingOnce = new TokenCounter(
                loading -> {
                    hasFailed.set(true);
                    throw new RejectedExecutionException("a fault in a test");
                },
                new SplittableRandom(1));
        MemoryGateway.Counters counters =
                new MemoryGateway.Counters(memory(), new MemoryRateLimiter(InstantSource.system()), failingOnce);
        try (GatewayFixture fixture = started(POLICY, counters, turn -> turn.json(200, COMPLETION))) {
            Answer answer = fixture.post("/v1/chat/completions", BODY);

            assertThat(hasFailed).isTrue();
            assertThat(answer.status()).isEqualTo(504);
            Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(ended.attempts()).isEqualTo(1);
            assertThat(ended.target()).isEqualTo(SILENT);
            assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
            assertThat(ended.cost()).isGreaterThan(NanoUsd.ZERO);
            assertThat(LostAttempt.sum(ended.lost())).isEqualTo(Amounts.NONE);
        }
    }
}
