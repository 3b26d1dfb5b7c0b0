package dev.tollgate.audit;

import static dev.tollgate.audit.AuditIndexUse.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an index tells of money and of calls: by whom, for what and when. */
interface AuditSpendContract extends AuditIndexUse {
    @Test
    default void spend_byEachDimension_sumsExactly() throws Exception {
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
    default void spend_bySeveralKeys_andLimited_sumsEveryClass() throws Exception {
        appendScenario();
        SpendQuery query = new SpendQuery(
                Instant.EPOCH,
                NEXT_DAY.plusSeconds(3600),
                ZoneOffset.UTC,
                List.of(GroupKey.parse("team"), GroupKey.parse("model")),
                Map.of(GroupKey.parse("agent"), "agent-a"));

        List<SpendGroup> groups = await(index().spend(query));

        assertThat(groups)
                .extracting(SpendGroup::values)
                .containsExactly(List.of("team-a", "openai/small-1"), List.of("team-a", ""));
        assertThat(groups.get(0).spend())
                .isEqualTo(new Spend(2, 0, 0, 1, 1_500_000, -154, 200, 40, 14, 32, 100, 12, 36));
        assertThat(groups.get(1).spend().denied()).isEqualTo(1);
    }

    @Test
    default void spend_byWhatServed_tellsLostAttemptsWithTheirOwnTarget() throws Exception {
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
    default void spend_always_countsWhatPeopleWereAskedAbout() throws Exception {
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
        Spend spend = await(index().spend(query)).getFirst().spend();
        assertThat(spend.calls()).isEqualTo(3);
        assertThat(spend.held()).isEqualTo(2);
        assertThat(spend.approved()).isEqualTo(1);
        assertThat(spend.denied()).isEqualTo(1);
        assertThat(spend.tools()).isEqualTo(new ToolCount(6, 2, 4));
        assertThat(SpendReport.document(query, await(index().spend(query)))
                        .path("total")
                        .toString())
                .contains(
                        "\"held\":2,\"approved\":1,\"tool_calls_held\":6,\"tool_calls_approved\":2,\"tool_calls_denied\":4");
    }

    @Test
    default void spend_byUserAndTags_countsWhoSaysNothingToo() throws Exception {
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
        assertThat(await(index().spend(only)))
                .singleElement()
                .satisfies(group -> assertThat(group.spend().calls()).isEqualTo(1));
    }

    @Test
    default void spend_inATimeZone_tellsItsDays_andThoseOfItsSummer() throws Exception {
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

        assertThat(await(index().spend(days)))
                .extracting(group -> group.values().get(0) + " " + group.spend().calls())
                .containsExactly("2026-03-28 1", "2026-03-29 2", "2026-03-30 1");
        assertThat(await(index().spend(hours)))
                .extracting(group -> group.values().get(0))
                .containsExactly("2026-03-29T04", "2026-03-30T03");
    }

    private List<List<String>> values(String by) throws Exception {
        SpendQuery query =
                new SpendQuery(Instant.EPOCH, Instant.MAX, ZoneOffset.UTC, List.of(GroupKey.parse(by)), Map.of());
        return await(index().spend(query)).stream().map(SpendGroup::values).toList();
    }

    @Test
    default void spend_overAStretchOfTime_hasItsFirstMomentAndNotItsLast() throws Exception {
        appendScenario();

        assertThat(await(index().spend(MORNING, NOON, Dimension.KEY)))
                .containsExactly(new SpendRow("k_1", 1, 0, 143, 74, 1_500_000, 0));
        assertThat(await(index().spend(NEXT_DAY, NEXT_DAY.plusSeconds(1), Dimension.DAY)))
                .containsExactly(new SpendRow("2026-03-02", 1, 0, 0, 0, 0, 0));
        assertThat(await(index().spend(Instant.EPOCH, MORNING, Dimension.TEAM))).isEmpty();
    }

    private Map<String, Long> costs(String by, Map<GroupKey, String> only) throws Exception {
        SpendQuery query =
                new SpendQuery(Instant.EPOCH, Instant.MAX, ZoneOffset.UTC, List.of(GroupKey.parse(by)), only);
        Map<String, Long> costs = new LinkedHashMap<>();
        await(index().spend(query))
                .forEach(group ->
                        costs.put(group.values().getFirst(), group.spend().costNanos()));
        return costs;
    }
}
