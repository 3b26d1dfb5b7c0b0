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
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every index over the journal does. Each is fed from a real journal by a real tail. */
public abstract class AuditIndexContract {
    private static final Instant MORNING = Instant.parse("2026-03-01T09:59:59.999999999Z");
    private static final Instant NOON = Instant.parse("2026-03-01T12:30:00Z");
    private static final Instant NEXT_DAY = Instant.parse("2026-03-02T00:00:00Z");

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
    void spend_byEachDimension_sumsExactly() throws Exception {
        appendScenario();

        assertThat(spend(Dimension.TEAM))
                .containsExactly(
                        new SpendRow("team-b", 2, 0, 143, 74, 4_000_000_000_000_000_001L, 0),
                        new SpendRow("team-a", 3, 1, 286, 148, 1_500_000, 1));
        assertThat(spend(Dimension.AGENT)).extracting(SpendRow::value).containsExactly("agent-b", "agent-a");
        assertThat(spend(Dimension.KEY))
                .containsExactly(new SpendRow("k_1", 5, 1, 429, 222, 4_000_000_000_001_500_001L, 1));
        assertThat(spend(Dimension.SESSION)).extracting(SpendRow::value).containsExactly("session-b", "session-a", "");
        assertThat(spend(Dimension.PROVIDER)).extracting(SpendRow::value).containsExactly("groq", "openai", "");
        assertThat(spend(Dimension.MODEL))
                .extracting(SpendRow::value)
                .containsExactly("groq/small-2", "openai/small-1", "");
        assertThat(spend(Dimension.DAY)).extracting(SpendRow::value).containsExactly("2026-03-01", "2026-03-02");
        assertThat(spend(Dimension.HOUR))
                .extracting(SpendRow::value)
                .containsExactly("2026-03-01T12", "2026-03-01T09", "2026-03-02T00");
    }

    @Test
    void spend_bySeveralKeys_andLimited_sumsEveryClass() throws Exception {
        appendScenario();
        SpendQuery query = new SpendQuery(
                Instant.EPOCH,
                NEXT_DAY.plusSeconds(3600),
                ZoneOffset.UTC,
                List.of(GroupKey.parse("team"), GroupKey.parse("model")),
                Map.of(GroupKey.parse("agent"), "agent-a"));

        List<SpendGroup> groups = await(fed.index().spend(query));

        assertThat(groups)
                .extracting(SpendGroup::values)
                .containsExactly(List.of("team-a", "openai/small-1"), List.of("team-a", ""));
        assertThat(groups.get(0).spend())
                .isEqualTo(new Spend(2, 0, 0, 1, 1_500_000, -154, 200, 40, 14, 32, 100, 12, 36));
        assertThat(groups.get(1).spend().denied()).isEqualTo(1);
    }

    @Test
    void spend_byWhatServed_tellsLostAttemptsWithTheirOwnTarget() throws Exception {
        append(
                Records.received("ex_1"),
                Records.endedBehind("ex_1", new LostAttempt("groq/small-2", 40, new NanoUsd(500_000))),
                Records.received("ex_2"),
                Records.ended("ex_2"));

        assertThat(costs("model", Map.of()))
                .containsExactly(Map.entry("openai/small-1", 2_500_000L), Map.entry("groq/small-2", 500_000L));
        assertThat(costs("team", Map.of(GroupKey.parse("provider"), "groq"))).containsValue(500_000L);
        assertThat(costs("team", Map.of())).as("all together").containsValue(3_000_000L);
    }

    @Test
    void spend_always_countsWhatPeopleWereAskedAbout() throws Exception {
        Verdict hold = new Verdict("approve", "hold", "approval_required", List.of("ask"), "a reason", 1);
        Verdict leave = new Verdict("approve", "proceed", "ok", List.of("ask"), "approved by ann as ticket A1", 0);
        Verdict tools = new Verdict("tools", "deny", "tool_call_denied", List.of("shell"), "", 1)
                .withTools(new ToolCount(3, 1, 2));
        append(
                Records.received("ex_1", hold, leave),
                Records.ended("ex_1", tools),
                Records.received("ex_2", hold),
                Records.ended("ex_2", NOON.plusSeconds(1), "denied", "", 0L),
                Records.received("ex_3"),
                Records.ended("ex_3", tools));

        SpendQuery query =
                new SpendQuery(Instant.EPOCH, Instant.MAX, ZoneOffset.UTC, List.of(GroupKey.parse("team")), Map.of());
        Spend spend = await(fed.index().spend(query)).getFirst().spend();
        assertThat(spend.calls()).isEqualTo(3);
        assertThat(spend.held()).isEqualTo(2);
        assertThat(spend.approved()).isEqualTo(1);
        assertThat(spend.denied()).isEqualTo(1);
        assertThat(spend.tools()).isEqualTo(new ToolCount(6, 2, 4));
        assertThat(SpendReport.document(query, await(fed.index().spend(query)))
                        .path("total")
                        .toString())
                .contains(
                        "\"held\":2,\"approved\":1,\"tool_calls_held\":6,\"tool_calls_approved\":2,\"tool_calls_denied\":4");
    }

    @Test
    void past_ofAnAgent_countsItsNewestCalls_andNamesThoseThatPeopleWereAskedAbout() throws Exception {
        Verdict hold = new Verdict("approve", "hold", "approval_required", List.of("ask"), "a reason", 1);
        Verdict leave = new Verdict("approve", "proceed", "ok", List.of("ask"), "approved by ann as ticket A1", 0);
        Verdict tools = new Verdict("tools", "deny", "tool_call_denied", List.of("shell"), "", 1)
                .withTools(new ToolCount(3, 1, 2));
        append(
                Records.received("ex_0", MORNING, "agent-a", "team-a", "", 1),
                Records.ended("ex_0"),
                Records.received("ex_1", hold, leave),
                Records.ended("ex_1"),
                Records.received("ex_2", hold),
                Records.ended("ex_2", NOON.plusSeconds(1), "denied", "", 0L),
                Records.received("ex_3", NOON, "agent-a", "team-a", "", 1),
                Records.ended("ex_3", NOON.plusSeconds(1), "denied", "", 0L),
                Records.received("ex_4", NOON.plusSeconds(2), "agent-a", "team-a", "", 1),
                Records.ended("ex_4", tools),
                Records.received("ex_5", NOON.plusSeconds(3), "agent-a", "team-b", "", 1),
                Records.received("ex_6", NOON.plusSeconds(4), "agent-b", "team-a", "", 1));

        AgentPast past = past("agent-a", "team-a", Records.NOON, 10);

        assertThat(past.firstSeen()).as("first seen").isEqualTo(MORNING);
        assertThat(past.since()).as("first counted").isEqualTo(Records.NOON);
        assertThat(List.of(past.calls(), past.held(), past.approved(), past.refused()))
                .containsExactly(4L, 2L, 1L, 1L);
        assertThat(past.tools()).isEqualTo(new ToolCount(3, 1, 2));
        assertThat(past.asked())
                .extracting(row -> row.received().exchange().value())
                .startsWith("ex_4")
                .containsExactlyInAnyOrder("ex_4", "ex_1", "ex_2");
        assertThat(past.asked().getFirst().ended()).contains(Records.ended("ex_4", tools));
        assertThat(past("agent-a", "team-a", Instant.EPOCH, 1).asked()).hasSize(1);
        assertThat(past("agent-a", "team-a", Instant.EPOCH, 0).asked()).isEmpty();
        assertThat(past("agent-a", "team-b", Instant.EPOCH, 10).calls()).isEqualTo(1);
        assertThat(past("agent-a", "team-a", NEXT_DAY, 10))
                .isEqualTo(new AgentPast(MORNING, null, 0, 0, 0, 0, ToolCount.NONE, List.of()));
        assertThat(past("agent-c", "team-a", Instant.EPOCH, 10)).isEqualTo(AgentPast.NONE);
    }

    @Test
    void past_ofAnAgentThatCallsAlot_looksAtAThousandCalls() throws Exception {
        List<Future<Void>> pending = new ArrayList<>();
        for (int i = 0; i < AgentPast.MAX_CALLS + 5; i++) {
            pending.add(journal.append(Records.received("ex_" + i, NOON.plusSeconds(i), "agent-a", "team-a", "", 1)));
        }
        for (Future<Void> one : pending) {
            await(one);
        }
        append();

        AgentPast past = past("agent-a", "team-a", Instant.EPOCH, 10);

        assertThat(past.calls()).isEqualTo(AgentPast.MAX_CALLS);
        assertThat(past.isFull()).isTrue();
        assertThat(past.since()).isEqualTo(NOON.plusSeconds(5));
        assertThat(past.firstSeen()).isEqualTo(NOON);
    }

    private AgentPast past(String agent, String team, Instant from, int asked) throws Exception {
        return await(fed.index().past(new AgentPast.Question(agent, team, from, Instant.MAX, asked)));
    }

    private Map<String, Long> costs(String by, Map<GroupKey, String> only) throws Exception {
        SpendQuery query =
                new SpendQuery(Instant.EPOCH, Instant.MAX, ZoneOffset.UTC, List.of(GroupKey.parse(by)), only);
        Map<String, Long> costs = new LinkedHashMap<>();
        await(fed.index().spend(query))
                .forEach(group ->
                        costs.put(group.values().getFirst(), group.spend().costNanos()));
        return costs;
    }

    @Test
    void spend_byUserAndTags_countsWhoSaysNothingToo() throws Exception {
        Labels labels = Labels.of("ann", new TreeMap<>(Map.of("project.x", "alpha \"1\"", "cost-center", "7")));
        append(
                Records.received("ex_1", labels),
                Records.ended("ex_1"),
                Records.received("ex_2", Labels.NONE),
                Records.ended("ex_2"));

        assertThat(values("user")).containsExactlyInAnyOrder(List.of("ann"), List.of(""));
        assertThat(values("tag:project.x")).containsExactlyInAnyOrder(List.of("alpha \"1\""), List.of(""));
        assertThat(values("tag:nothing")).containsExactly(List.of(""));
        SpendQuery only = new SpendQuery(
                Instant.EPOCH,
                Instant.MAX,
                ZoneOffset.UTC,
                List.of(GroupKey.parse("user")),
                Map.of(GroupKey.parse("tag:cost-center"), "7"));
        assertThat(await(fed.index().spend(only)))
                .singleElement()
                .satisfies(group -> assertThat(group.spend().calls()).isEqualTo(1));
    }

    @Test
    void spend_inATimeZone_tellsItsDays_andThoseOfItsSummer() throws Exception {
        // Berlin's clocks go forward on 29 March: its midnight is 23:00 UTC before, and 22:00 UTC after.
        append(
                Records.received("ex_1", Instant.parse("2026-03-28T22:59:59Z"), "a", "t", "", 1),
                Records.received("ex_2", Instant.parse("2026-03-28T23:00:00Z"), "a", "t", "", 1),
                Records.received("ex_3", Instant.parse("2026-03-29T21:59:59Z"), "a", "t", "", 1),
                Records.received("ex_4", Instant.parse("2026-03-29T22:00:00Z"), "a", "t", "", 1));
        SpendQuery days = new SpendQuery(
                Instant.EPOCH, Instant.MAX, ZoneId.of("Europe/Berlin"), List.of(GroupKey.parse("day")), Map.of());
        SpendQuery hours = new SpendQuery(
                Instant.EPOCH, Instant.MAX, ZoneId.of("Asia/Kathmandu"), List.of(GroupKey.parse("hour")), Map.of());

        assertThat(await(fed.index().spend(days)))
                .extracting(group -> group.values().get(0) + " " + group.spend().calls())
                .containsExactly("2026-03-28 1", "2026-03-29 2", "2026-03-30 1");
        assertThat(await(fed.index().spend(hours)))
                .extracting(group -> group.values().get(0))
                .containsExactly("2026-03-29T04", "2026-03-30T03");
    }

    private List<List<String>> values(String by) throws Exception {
        SpendQuery query =
                new SpendQuery(Instant.EPOCH, Instant.MAX, ZoneOffset.UTC, List.of(GroupKey.parse(by)), Map.of());
        return await(fed.index().spend(query)).stream().map(SpendGroup::values).toList();
    }

    @Test
    void spend_overAStretchOfTime_hasItsFirstMomentAndNotItsLast() throws Exception {
        appendScenario();

        assertThat(await(fed.index().spend(MORNING, NOON, Dimension.KEY)))
                .containsExactly(new SpendRow("k_1", 1, 0, 143, 74, 1_500_000, 0));
        assertThat(await(fed.index().spend(NEXT_DAY, NEXT_DAY.plusSeconds(1), Dimension.DAY)))
                .containsExactly(new SpendRow("2026-03-02", 1, 0, 0, 0, 0, 0));
        assertThat(await(fed.index().spend(Instant.EPOCH, MORNING, Dimension.TEAM)))
                .isEmpty();
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

    /** Five calls: completed, unpriced, dear, denied, open. */
    private void appendScenario() throws Exception {
        append(
                Records.received("ex_1", MORNING, "agent-a", "team-a", "session-a", 1),
                Records.received("ex_2", NOON, "agent-a", "team-a", "session-a", 1),
                Records.ended("ex_2", NOON, "completed", "openai/small-1", null),
                Records.ended("ex_1", NOON, "completed", "openai/small-1", 1_500_000L),
                Records.received("ex_3", NOON.plusNanos(1), "agent-b", "team-b", "session-b", 1),
                Records.ended("ex_3", NOON, "completed", "groq/small-2", 4_000_000_000_000_000_001L),
                Records.received("ex_4", NOON.plusSeconds(1), "agent-a", "team-a", "", 1),
                Records.ended("ex_4", NOON, "denied", "", 0L),
                Records.administrative("policy_loaded"),
                Records.received("ex_5", NEXT_DAY, "agent-b", "team-b", "", 1));
    }

    protected void append(AuditRecord... records) throws Exception {
        for (AuditRecord record : records) {
            await(journal.append(record));
        }
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

    private List<SpendRow> spend(Dimension by) throws Exception {
        return await(fed.index().spend(Instant.EPOCH, NEXT_DAY.plusSeconds(3600), by));
    }

    @CanIgnoreReturnValue
    protected static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
