package dev.tollgate.http;

import static dev.tollgate.ScriptedProvider.COMPLETION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Ledger.Level;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when the gateway itself fails: no call goes out that is not on record, no client waits, no money stays held. */
class OwnFaultTest {
    private static final String POLICY = GatewayFixture.providers() + """
            budget:
              budgets: [{id: key-daily, scope: key, limit: 1000}]
            """;

    private GatewayFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new GatewayFixture(POLICY);
        for (Call call : Call.values()) {
            fixture.provider.on("stream-" + call, turn -> StreamScripts.play(turn, call));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Received received : fixture.records(Received.class)) {
            if (received.reservation() != null) {
                assertThat(fixture.held(received.reservation().counters())).isZero();
            }
        }
        fixture.close();
    }

    private static AuditLog throwingOn(Class<? extends AuditRecord> type) {
        return record -> {
            if (type.isInstance(record)) {
                throw new IllegalStateException("a fault in a test");
            }
            return Future.succeededFuture();
        };
    }

    private static AuditLog failingOn(Class<? extends AuditRecord> type) {
        return record -> type.isInstance(record) ? Future.failedFuture("no disk in a test") : Future.succeededFuture();
    }

    private static void assertSaysUnavailable(Answer answer, Call call) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(call == Call.ANTHROPIC ? 529 : 503);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.header("x-tollgate-exchange-id")).startsWith("ex_");
        assertThat(answer.body()).contains("error").doesNotContain("in a test", "Exception", COMPLETION);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void keyLookup_throwing_deniesTheCallOnRecord(Call call) throws Exception {
        fixture.gateway.beforeKeys = () -> {
            throw new IllegalStateException("a fault in a test");
        };

        Answer answer = fixture.post(call.path, call.body("hello"));

        assertSaysUnavailable(answer, call);
        assertThat(fixture.provider.connections).hasValue(0);
        assertThat(fixture.ended(answer.header("x-tollgate-exchange-id")).result())
                .isEqualTo("denied");
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void beginning_notRecordable_reachesNoProvider(Call call) throws Exception {
        for (AuditLog log : List.of(throwingOn(Received.class), failingOn(Received.class))) {
            fixture.gateway.log = log;

            Answer answer = fixture.post(call.path, call.body("hello"));

            assertSaysUnavailable(answer, call);
            assertThat(fixture.provider.connections).hasValue(0);
        }
    }

    @Test
    void end_isOnRecord_beforeTheCountersKnowOfIt() throws Exception {
        List<String> counters = new CopyOnWriteArrayList<>();
        List<Long> heldAtTheEnd = new CopyOnWriteArrayList<>();
        fixture.gateway.log = record -> {
            if (record instanceof Received received && received.reservation() != null) {
                counters.addAll(received.reservation().counters());
            } else if (record instanceof Ended) {
                heldAtTheEnd.add(fixture.gateway.ledger.levels(counters).result().stream()
                        .mapToLong(Level::held)
                        .sum());
            }
            return Future.succeededFuture();
        };

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(heldAtTheEnd)
                .as("killed here, the next start settles what the log says")
                .singleElement()
                .satisfies(held -> assertThat(held).isPositive());
        assertThat(fixture.held(counters)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void end_notRecordable_keepsTheDocumentBack(Call call) throws Exception {
        for (AuditLog log : List.of(throwingOn(Ended.class), failingOn(Ended.class))) {
            fixture.gateway.log = log;

            Answer answer = fixture.post(call.path, call.body("hello"));

            assertSaysUnavailable(answer, call);
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void end_notRecordable_keepsTheLastEventBack(Call call) throws Exception {
        for (AuditLog log : List.of(throwingOn(Ended.class), failingOn(Ended.class))) {
            fixture.gateway.log = log;

            Answer answer = fixture.post(call.streamingPath(), call.streaming("hello"), "x-script", "stream-" + call);

            assertThat(!answer.whole() || answer.body().contains("error"))
                    .as("a broken connection or an explanation, never a clean end")
                    .isTrue();
            assertThat(answer.body()).doesNotContain(StreamScripts.ending(call).getLast());
        }
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void denial_notRecordable_isNoAnswerOfItsOwn(Call call) throws Exception {
        fixture.gateway.log = failingOn(Received.class);

        Answer answer = fixture.post(call.path, call.body("hello"), "authorization", "Bearer tg_nobody");

        assertSaysUnavailable(answer, call);
        assertThat(fixture.provider.connections).hasValue(0);
    }
}
