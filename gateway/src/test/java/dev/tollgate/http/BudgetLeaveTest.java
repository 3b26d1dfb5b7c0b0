package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.StreamScripts;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.Ticket.State;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A call that needs two leaves, one to pass a budget and one for what it is, asks for both. */
class BudgetLeaveTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final String POLICY = GatewayFixture.providers() + """
            approval: {holds: [{id: always, when: "true"}]}
            budget: {budgets: [{id: calls, scope: key, limit: 0, unit: requests, on_exceed: hold}]}
            """;

    private static Ticket approved(GatewayFixture fixture, String rule) throws Exception {
        for (int i = 0; i < 2000; i++) {
            List<Ticket> pending =
                    fixture.gateway.tickets.list(State.PENDING, 10).await(10, TimeUnit.SECONDS);
            if (!pending.isEmpty() && pending.get(0).rule().equals(rule)) {
                return fixture.gateway
                        .desk
                        .decide(pending.get(0).id(), State.APPROVED, "alice", "")
                        .await(10, TimeUnit.SECONDS)
                        .orElseThrow();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no ticket for " + rule);
    }

    @Test
    void call_overItsBudget_asksForThatFirst_thenForWhatItIs() throws Exception {
        try (GatewayFixture fixture = new GatewayFixture(POLICY)) {
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));
                } catch (Exception failed) { // a supplier may throw none
                    throw new AssertionError(failed);
                }
            });

            Ticket budget = approved(fixture, "budget:calls");
            assertThat(budget.summary()).as("nobody has scanned it yet").doesNotContain("hello");
            assertThat(budget.reason()).contains("budget calls (0 requests)");
            assertThat(answer).isNotDone();
            Ticket condition = approved(fixture, "always");
            assertThat(condition.summary()).contains("hello");

            assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(fixture.spent("requests:calls/key/" + fixture.newest().key() + "/"
                            + fixture.newest().at().toString().substring(0, 10)))
                    .isEqualTo(1);
            fixture.assertNothingLeft();
        }
    }

    @Test
    void stream_thatWasLetPass_goesOnBeyondItsHold() throws Exception {
        String policy = GatewayFixture.providers()
                + "budget: {budgets: [{id: few, scope: key, limit: 200, unit: tokens, on_exceed: hold}]}";
        try (GatewayFixture fixture = new GatewayFixture(policy)) {
            fixture.provider.on("long", turn -> {
                turn.streamHead();
                String event = StreamScripts.opening(Call.OPENAI_CHAT).getLast();
                for (int i = 0; i < 20; i++) {
                    turn.chunk(event.replace("\"ne\"", '"' + "lorem ipsum dolor ".repeat(30) + '"'));
                }
                StreamScripts.finish(turn, Call.OPENAI_CHAT);
            });
            String body = Call.OPENAI_CHAT.streaming("hello").replace("\"max_tokens\":50", "\"max_tokens\":150");
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return fixture.post(Call.OPENAI_CHAT.path, body, "x-script", "long");
                } catch (Exception failed) { // a supplier may throw none
                    throw new AssertionError(failed);
                }
            });

            var unused = approved(fixture, "budget:few");

            assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body())
                    .endsWith("data: [DONE]\n\n")
                    .doesNotContain("was cut");
            fixture.assertNothingLeft();
        }
    }
}
