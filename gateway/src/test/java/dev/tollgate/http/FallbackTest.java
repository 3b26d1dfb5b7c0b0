package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.RawClient;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts, fallbacks and breakers: before the first byte another target may serve, after it none. */
class FallbackTest {
    private static final String POLICY = """
            providers:
              openai: {base_url: "PROVIDER/first/v1", credential: "sk-first"}
              groq: {base_url: "PROVIDER/second/v1", credential: "sk-second"}
            models:
              chat: {targets: [{model: openai/gpt-4o-mini}, {model: groq/llama-3.1-8b-instant}]}
            routing: {attempts: 1, retry_delay: 1ms, breaker_failures: 3, breaker_pause: 3s}
            server: {limits: {first_byte: 500ms}}
            budget:
              budgets: [{id: key-daily, scope: key, limit: 1000}]
            """;
    private static final String BODY = Call.OPENAI_CHAT.body("hello").replace("gpt-4o-mini", "chat");

    private GatewayFixture fixture;
    private final AtomicBoolean firstIsDown = new AtomicBoolean(true);
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();

    /** How the first target fails while it is down; the second one always serves. */
    private void failingBy(ScriptedProvider.Script failure) {
        fixture.provider.on("", turn -> {
            boolean isFirst = turn.head().startsWith("POST /first/");
            (isFirst ? first : second).incrementAndGet();
            if (isFirst && firstIsDown.get()) {
                failure.play(turn);
            } else {
                turn.json(200, COMPLETION);
            }
        });
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
        failingBy(turn -> turn.json(500, "{}"));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private Answer call() throws Exception {
        return fixture.post("/v1/chat/completions", BODY);
    }

    @Test
    void failedTarget_isFollowedByTheNext_withItsOwnModelAndCredential() throws Exception {
        Answer answer = call();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-tollgate-model")).isEqualTo("groq/llama-3.1-8b-instant");
        assertThat(fixture.provider.bodies.get(0)).contains("\"model\":\"gpt-4o-mini\"");
        assertThat(fixture.provider.bodies.get(1)).contains("\"model\":\"llama-3.1-8b-instant\"");
        assertThat(fixture.provider.heads.get(1)).contains("sk-second").doesNotContain("sk-first");
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.attempts()).isEqualTo(2);
        assertThat(ended.target()).isEqualTo("groq/llama-3.1-8b-instant");
    }

    @Test
    void silentTarget_isFollowedByTheNext() throws Exception {
        failingBy(turn -> turn.waitForClose());

        assertThat(call().status()).isEqualTo(200);
        assertThat(second).hasValue(1);
    }

    @Test
    void silentTarget_isBilledForWhatWentIn_besideTheOneThatServed() throws Exception {
        failingBy(turn -> turn.waitForClose());

        Answer answer = call();

        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.result()).isEqualTo("completed");
        assertThat(ended.usage()).as("of the one that served").isEqualTo(Usage.of(10, 5, Usage.Source.REPORTED));
        assertThat(ended.lost()).singleElement().satisfies(lost -> {
            assertThat(lost.target()).isEqualTo("openai/gpt-4o-mini");
            assertThat(lost.inputTokens()).isBetween(1L, 60L);
            assertThat(lost.cost()).isGreaterThan(NanoUsd.ZERO);
        });
        // 10 tokens in at $0.05 a million, 5 out at $0.08.
        long served = 10 * 50 + 5 * 80;
        assertThat(ended.cost().nanos())
                .isEqualTo(served + ended.lost().get(0).cost().nanos());
        assertThat(answer.header("x-tollgate-cost")).isEqualTo(ended.cost().toString());
        assertThat(fixture.newest().reservation().counters()).isNotEmpty();
        for (String counter : fixture.newest().reservation().counters()) {
            assertThat(fixture.spent(counter)).isEqualTo(ended.cost().nanos());
        }
    }

    @Test
    void targetThatFailed_isBilledNothing() throws Exception {
        Ended ended = fixture.ended(call().header("x-tollgate-exchange-id"));

        assertThat(ended.attempts()).isEqualTo(2);
        assertThat(ended.lost()).isEmpty();
        assertThat(ended.cost().nanos()).isEqualTo(10 * 50 + 5 * 80);
    }

    @Test
    void silentTargets_allOfThem_areBilledOnceEach() throws Exception {
        fixture.provider.on("", turn -> turn.waitForClose());

        Answer answer = call();

        assertThat(answer.status()).isEqualTo(504);
        Ended ended = fixture.ended(answer.header("x-tollgate-exchange-id"));
        assertThat(ended.usage().source()).isEqualTo(Usage.Source.COUNTED);
        assertThat(ended.usage().totalOutput()).isZero();
        assertThat(ended.lost()).hasSize(1);
        assertThat(ended.cost().nanos())
                .isGreaterThan(ended.lost().get(0).cost().nanos());
    }

    @Test
    void silentTarget_isNotFollowed_whereThereIsNoMoneyForBoth() throws Exception {
        firstIsDown.set(false);
        assertThat(call().status()).isEqualTo(200);
        // What is held for the call fits, and nothing beside it.
        String most = fixture.newest().reservation().amount().toString().substring(1);
        try (GatewayFixture poor = new GatewayFixture(POLICY.replace("limit: 1000", "limit: " + most))) {
            poor.provider.on("", turn -> turn.waitForClose());

            Answer answer = poor.post("/v1/chat/completions", BODY);

            Ended ended = poor.ended(answer.header("x-tollgate-exchange-id"));
            assertThat(ended.code()).isEqualTo("provider_timeout");
            assertThat(ended.attempts()).as("the second target is not called").isEqualTo(1);
            poor.assertNothingLeft();
        }
    }

    @Test
    void targetThatBegan_isNotFollowed() throws Exception {
        failingBy(turn -> {
            turn.streamHead();
            StreamScripts.send(turn, StreamScripts.opening(Call.OPENAI_CHAT));
            turn.reset();
        });

        Answer answer = fixture.post(
                "/v1/chat/completions", Call.OPENAI_CHAT.streaming("hello").replace("gpt-4o-mini", "chat"));

        assertThat(answer.body()).contains("provider_broke_off");
        assertThat(second).as("what was said cannot be taken back").hasValue(0);
    }

    @Test
    void targetThatFailsInARow_isLeftOut_thenTriedByOneCall() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertThat(call().status()).isEqualTo(200);
        }
        assertThat(first).as("left out after three failures").hasValue(3);

        firstIsDown.set(false);
        TimeUnit.MILLISECONDS.sleep(3100);
        assertThat(call().header("x-tollgate-model")).isEqualTo("openai/gpt-4o-mini");
        assertThat(call().header("x-tollgate-model")).as("back for good").isEqualTo("openai/gpt-4o-mini");
    }

    @Test
    void targetStillDownAfterItsPause_isLeftOutAgain() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(call().status()).isEqualTo(200);
        }
        TimeUnit.MILLISECONDS.sleep(3100);
        for (int i = 0; i < 4; i++) {
            assertThat(call().status()).isEqualTo(200);
        }

        assertThat(first).as("one more try after the pause").hasValue(4);
    }

    @Test
    void clientsThatLeave_sayNothingAboutATarget() throws Exception {
        failingBy(turn -> turn.waitForClose());
        for (int i = 0; i < 5; i++) {
            int before = first.get();
            try (RawClient leaving = new RawClient(fixture.gateway.port)) {
                leaving.write("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + fixture.gateway.key + "\r\ncontent-type: application/json\r\ncontent-length: " + BODY.length()
                        + "\r\n\r\n" + BODY);
                for (int wait = 0; wait < 1000 && first.get() == before; wait++) {
                    TimeUnit.MILLISECONDS.sleep(2);
                }
            }
            assertThat(fixture.ended(fixture.newest().exchange().value()).result())
                    .isEqualTo("client_gone");
        }
        firstIsDown.set(false);

        assertThat(call().header("x-tollgate-model")).isEqualTo("openai/gpt-4o-mini");
    }

    @Test
    void everyTargetLeftOut_isToldAtOnce() throws Exception {
        fixture.provider.on("", turn -> turn.json(503, "{}"));
        for (int i = 0; i < 3; i++) {
            assertThat(call().status()).isEqualTo(503);
        }
        int before = fixture.provider.heads.size();

        Answer answer = call();

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).contains("provider_unavailable", "3 times in a row");
        assertThat(fixture.provider.heads).hasSize(before);
    }
}
