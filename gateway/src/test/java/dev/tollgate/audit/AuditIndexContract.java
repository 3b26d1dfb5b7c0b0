package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndex.SessionQuery;
import dev.tollgate.audit.AuditIndex.SessionRow;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.audit.AuditRecord.Received;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every index over the journal does. Each is fed from a real journal by a real tail. */
public abstract class AuditIndexContract implements AuditSpendContract, AgentPastContract {
    @TempDir
    protected Path data;

    protected Journal journal;
    protected Fed fed;

    /** An index and what feeds it. */
    public record Fed(AuditIndex index, JournalTail.Sink sink, AutoCloseable closing) {}

    /** Opens the index under test over the journal in {@link #data}; opened again it holds what it held. */
    protected abstract Fed open() throws Exception;

    @BeforeEach
    void openAll() throws Exception {
        journal = JournalFolder.open(data, JournalFolder.FAST);
        fed = open();
    }

    @AfterEach
    void closeAll() throws Exception {
        fed.closing().close();
        journal.close();
    }

    @Test
    void exchange_appended_isFoundWithBothRecords() throws Exception {
        append(Records.received("ex_1"), Records.ended("ex_1"), Records.received("ex_2"));

        assertThat(await(fed.index().find("ex_1")))
                .contains(new ExchangeRow(Records.received("ex_1"), Optional.of(Records.ended("ex_1"))));
        assertThat(await(fed.index().find("ex_2")))
                .contains(new ExchangeRow(Records.received("ex_2"), Optional.empty()));
        assertThat(await(fed.index().find("ex_3"))).isEmpty();
    }

    @Test
    void exchange_endedInALaterBatch_isCompleted() throws Exception {
        append(Records.received("ex_1"));
        append(Records.ended("ex_1"));

        assertThat(await(fed.index().find("ex_1")))
                .contains(new ExchangeRow(Records.received("ex_1"), Optional.of(Records.ended("ex_1"))));
    }

    @Test
    void exchange_receivedAgain_hasItsLastRecords() throws Exception {
        Received again = Records.received("ex_1", NOON, "agent-b", "team-b", "", 5);
        append(Records.received("ex_1"));
        append(again, Records.ended("ex_1"));

        assertThat(await(fed.index().find("ex_1")))
                .contains(new ExchangeRow(again, Optional.of(Records.ended("ex_1"))));
        assertThat(spend(Dimension.AGENT)).extracting(SpendRow::value).containsExactly("agent-b");
    }

    @Test
    void recent_always_isNewestFirstAndFiltered() throws Exception {
        appendScenario();

        assertThat(recent(Filter.ALL, 10)).containsExactly("ex_5", "ex_4", "ex_3", "ex_2", "ex_1");
        assertThat(recent(Filter.ALL, 2)).containsExactly("ex_5", "ex_4");
        assertThat(recent(new Filter("agent-b", "", "", Instant.MAX), 10)).containsExactly("ex_5", "ex_3");
        assertThat(recent(new Filter("", "session-b", "", Instant.MAX), 10)).containsExactly("ex_3");
        assertThat(recent(new Filter("", "", "denied", Instant.MAX), 10)).containsExactly("ex_4");
        assertThat(recent(new Filter("", "", AuditIndex.OPEN, Instant.MAX), 10)).containsExactly("ex_5");
        assertThat(recent(new Filter("agent-a", "session-a", "completed", NOON), 10))
                .containsExactly("ex_1");
    }

    @Test
    void recent_byTeamModelRuleAndCost_yieldsThose() throws Exception {
        appendScenario();

        assertThat(recent(filter("team-b", "", "", 0), 10)).containsExactly("ex_5", "ex_3");
        assertThat(recent(filter("", "groq/small-2", "", 0), 10)).containsExactly("ex_3");
        assertThat(recent(filter("", "", "iban", 0), 10)).containsExactly("ex_5", "ex_4", "ex_3", "ex_2", "ex_1");
        assertThat(recent(filter("", "", "iba", 0), 10)).isEmpty();
        assertThat(recent(filter("", "", "", 1_500_000), 10)).containsExactly("ex_3", "ex_1");
        assertThat(recent(filter("", "", "", 1_500_001), 10)).containsExactly("ex_3");
    }

    private static Filter filter(String team, String model, String rule, long minCostNanos) {
        return new Filter("", team, "", "", model, rule, minCostNanos, Instant.MAX);
    }

    @Test
    void sessions_inAStretchOfTime_areSummedAndNewestFirst() throws Exception {
        appendScenario();

        List<SessionRow> all = await(fed.index().sessions(new SessionQuery("", Instant.EPOCH, Instant.MAX, 10)));
        assertThat(all).extracting(SessionRow::session).containsExactly("session-b", "session-a");
        SessionRow older = all.get(1);
        assertThat(older.team()).isEqualTo("team-a");
        assertThat(older.agents()).containsExactly("agent-a");
        assertThat(older.first()).isEqualTo(MORNING);
        assertThat(older.last()).isAfterOrEqualTo(older.first());
        assertThat(older.calls()).isEqualTo(older.denied() + 2);
        assertThat(older.helpers()).isEqualTo(1);
        assertThat(older.costNanos()).isEqualTo(1_500_000);
        assertThat(await(fed.index().sessions(new SessionQuery("agent-a", Instant.EPOCH, Instant.MAX, 10))))
                .extracting(SessionRow::session)
                .containsExactly("session-a");
        assertThat(await(fed.index().sessions(new SessionQuery("", Instant.EPOCH, MORNING, 10))))
                .isEmpty();
        assertThat(await(fed.index().sessions(new SessionQuery("", "team-b", Instant.EPOCH, Instant.MAX, 10))))
                .extracting(SessionRow::session)
                .containsExactly("session-b");
        assertThat(await(fed.index().sessions(new SessionQuery("", Instant.EPOCH, Instant.MAX, 1))))
                .hasSize(1);
    }

    @Test
    void index_openedAgain_goesOnWhereItWas() throws Exception {
        append(Records.received("ex_1"));
        fed.closing().close();
        fed = open();
        append(Records.ended("ex_1"), Records.received("ex_2"));

        assertThat(recent(Filter.ALL, 10)).containsExactly("ex_2", "ex_1");
        assertThat(await(fed.index().find("ex_1")).orElseThrow().ended()).isPresent();
    }

    @Test
    void manyRecords_inSeveralBatches_areEachTakenOnce() throws Exception {
        List<Future<Void>> pending = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            pending.add(journal.append(Records.received("ex_" + i)));
            pending.add(journal.append(Records.ended("ex_" + i)));
        }
        await(Future.all(pending));
        catchUp();
        catchUp();

        assertThat(spend(Dimension.KEY))
                .containsExactly(new SpendRow("k_1", 1500, 0, 1500 * 143L, 1500 * 74L, 1500 * 1_500_000L, 0));
        // The journal seals itself in between.
        for (int i = 0; i < 100 && !fed.sink().upTo().equals(Optional.of(journal.head())); i++) {
            catchUp();
        }
        assertThat(fed.sink().upTo()).contains(journal.head());
    }

    @Test
    void answer_always_arrivesOnTheCallersContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Context> seen = new CompletableFuture<>();

            context.runOnContext(
                    v -> fed.index().find("ex_1").onComplete(done -> seen.complete(Vertx.currentContext())));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isSameAs(context);
        } finally {
            await(vertx.close());
        }
    }

    @Override
    public final AuditIndex index() {
        return fed.index();
    }

    @Override
    public final void append(AuditRecord... records) throws Exception {
        List<Future<Void>> pending = new ArrayList<>();
        for (AuditRecord record : records) {
            pending.add(journal.append(record));
        }
        await(Future.all(pending));
        catchUp();
    }

    protected void catchUp() throws Exception {
        try (JournalTail tail = tail()) {
            tail.catchUp();
        }
    }

    protected JournalTail tail() {
        return new JournalTail(
                data.resolve(Journal.FOLDER), () -> Optional.of(journal.head()), fed.sink(), Duration.ofMillis(10));
    }

    protected List<String> recent(Filter filter, int limit) throws Exception {
        return await(fed.index().recent(filter, limit)).stream()
                .map(row -> row.received().exchange().value())
                .toList();
    }

    @CanIgnoreReturnValue
    protected static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
