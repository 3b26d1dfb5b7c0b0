package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.budget.Ledger;
import dev.tollgate.store.memory.MemoryLedger;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A stream runs beyond what is held for it while the ledger is away: what becomes of it is what the policy says. */
class RaiseAwayTest {
    private static final String PIECE = "lorem ipsum dolor sit amet ".repeat(25);

    /** One that can be reached but for raising holds. */
    private static Ledger ledger() {
        Ledger memory = new MemoryLedger(InstantSource.system());
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (proxy, method, arguments) -> method.getName().equals("raise")
                        ? Future.failedFuture("away")
                        : method.invoke(memory, arguments));
    }

    private static Answer stream(GatewayFixture fixture) throws Exception {
        fixture.provider.on("long", turn -> {
            turn.streamHead();
            String event = StreamScripts.opening(Call.OPENAI_CHAT).getLast();
            for (int i = 0; i < 10; i++) {
                turn.chunk(event.replace("\"ne\"", '"' + PIECE + '"'));
            }
            StreamScripts.finish(turn, Call.OPENAI_CHAT);
        });
        return fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.streaming("hello"), "x-script", "long");
    }

    private static GatewayFixture fixture(String whenAway, String limit) throws Exception {
        return new GatewayFixture(
                GatewayFixture.providers() + "store: {when_away: " + whenAway + "}\n"
                        + "budget: {budgets: [{id: total, scope: all, period: lifetime, limit: " + limit + "}]}",
                ledger());
    }

    @Test
    void closed_cutsTheStream() throws Exception {
        try (GatewayFixture fixture = fixture("closed", "1")) {
            assertThat(stream(fixture).body()).contains("the answer was cut: the ledger is away");
            fixture.assertNothingLeft();
        }
    }

    @Test
    void open_letsItPass() throws Exception {
        try (GatewayFixture fixture = fixture("open", "1")) {
            assertThat(stream(fixture).body()).endsWith("data: [DONE]\n\n").doesNotContain("was cut");
            fixture.assertNothingLeft();
        }
    }

    @Test
    void localShare_holdsMoreOfTheShare_andCutsWhereThatIsSpent() throws Exception {
        try (GatewayFixture fixture = fixture("local_share", "1")) {
            assertThat(stream(fixture).body()).endsWith("data: [DONE]\n\n").doesNotContain("was cut");
            assertThat(fixture.records(Administrative.class))
                    .isNotEmpty()
                    .allMatch(said -> said.action().equals(Administrative.HOLD_RAISED));
            fixture.assertNothingLeft();
        }
        try (GatewayFixture fixture = fixture("local_share", "0.0003")) {
            assertThat(stream(fixture).body()).contains("the answer was cut: budget total");
            fixture.assertNothingLeft();
        }
    }
}
