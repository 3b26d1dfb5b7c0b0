package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.Grants;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket.State;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Standing grants, over HTTP: what they cover passes without a person, on the record, and within their limit. */
class GrantTest {
    private static final String POLICY = GatewayFixture.providers() + """
            approval: {patience: 300ms, holds: [{id: ask, when: 'endpoint.contains("chat") || endpoint.contains("messages")'}]}
            tools:
              rules: [{id: delete, tools: Bash, commands: ["rm -r*"], call: hold, reason: it deletes}]
            """;

    private GatewayFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
        ToolScripts.play(fixture.provider);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.assertNothingLeft();
        fixture.close();
    }

    private void grant(@Nullable String dollars, String tool, List<String> commands) throws Exception {
        GrantScope scope =
                new GrantScope("tester", "", "", "", tool.isEmpty() ? "ask" : "delete", "", tool, commands, List.of());
        StandingGrant made = Grants.of("G1", scope, dollars, Instant.now());
        var unused = fixture.gateway.grants.add(made).await(1, TimeUnit.SECONDS);
    }

    private StandingGrant.Use use() throws Exception {
        return fixture.gateway
                .grants
                .find("G1")
                .await(1, TimeUnit.SECONDS)
                .orElseThrow()
                .use();
    }

    private List<Verdict> verdicts(Answer answer) throws Exception {
        String id = answer.header("x-tollgate-exchange-id");
        List<Verdict> all = new ArrayList<>(fixture.newest().verdicts());
        all.addAll(fixture.ended(id).verdicts());
        return all;
    }

    @Test
    void coveredCall_passesAtOnce_andItsRecordNamesTheGrant() throws Exception {
        grant("5", "", List.of());

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(COMPLETION);
        assertThat(verdicts(answer))
                .anySatisfy(
                        verdict -> assertThat(verdict.detail()).isEqualTo("let pass by the standing grant G1 of ann"));
        assertThat(fixture.gateway.tickets.list(State.PENDING, 5).await()).isEmpty();
        assertThat(use().calls()).isEqualTo(1);
        assertThat(use().spent())
                .as("what it cost, not what it might have cost")
                .isEqualTo(NanoUsd.ofDollars(answer.header("x-tollgate-cost")));
    }

    @Test
    void uncoveredCall_isHeld() throws Exception {
        grant("5", "bash", List.of());

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));

        assertThat(answer.body()).contains("waits for a person");
        assertThat(use().calls()).isZero();
    }

    @Test
    void revoked_isAskedAgain() throws Exception {
        grant("5", "", List.of());
        var unused = fixture.gateway.grants.revoke("G1", "bob", Instant.now()).await(1, TimeUnit.SECONDS);

        assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"))
                        .body())
                .contains("waits for a person");
    }

    @Test
    void limit_isNotExceededByCallsAtTheSameMoment() throws Exception {
        assertThat(fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello 0"))
                        .body())
                .contains("waits for a person");
        NanoUsd most = Objects.requireNonNull(fixture.newest().estimate(), "priced");
        // Enough for two of them, as long as neither has ended.
        grant(BigDecimal.valueOf(most.nanos() * 5 / 2, 9).toPlainString(), "", List.of());
        CompletableFuture<Void> go = new CompletableFuture<>();
        fixture.provider.on("parks", turn -> {
            go.get(20, TimeUnit.SECONDS);
            turn.json(200, COMPLETION);
        });

        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String body = Call.OPENAI_CHAT.body("hello " + i);
            calls.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return fixture.post(Call.OPENAI_CHAT.path, body, "x-script", "parks");
                        } catch (Exception failed) { // a supplier may throw none
                            throw new AssertionError(failed);
                        }
                    },
                    task -> Thread.ofVirtual().start(task)));
        }
        List<CompletableFuture<Answer>> held = new ArrayList<>();
        for (int i = 0; i < 2000 && held.size() < 4; i++) {
            held = calls.stream().filter(CompletableFuture::isDone).toList();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        go.complete(null);

        List<Integer> statuses = new ArrayList<>();
        for (CompletableFuture<Answer> call : calls) {
            statuses.add(call.get(20, TimeUnit.SECONDS).status());
        }
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(2);
        assertThat(fixture.provider.bodies).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"OPENAI_RESPONSES", "GEMINI"})
    void coveredToolCall_passesAsItCame(Call call) throws Exception {
        grant(null, "bash", List.of("rm -rf build"));

        Answer answer = ToolScripts.document(fixture, call);

        assertThat(answer.body()).isEqualTo(ToolScripts.document(call));
        assertThat(verdicts(answer))
                .anySatisfy(
                        verdict -> assertThat(verdict.detail()).contains("let pass by the standing grant G1 of ann"));
        assertThat(use().calls()).isEqualTo(1);
    }

    @Test
    void toolCallOfAnotherCommand_isHeld() throws Exception {
        grant(null, "bash", List.of("rm -rf other"));

        Answer answer = fixture.post(
                Call.OPENAI_RESPONSES.path,
                Call.OPENAI_RESPONSES.body("hello"),
                "x-script",
                ToolScripts.name(Call.OPENAI_RESPONSES, false));

        assertThat(answer.body()).contains("waits for a person").doesNotContain("rm -rf");
    }
}
