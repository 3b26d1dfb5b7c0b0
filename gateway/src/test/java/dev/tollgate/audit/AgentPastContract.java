package dev.tollgate.audit;

import static dev.tollgate.audit.AuditIndexUse.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an index tells a reviewer of what an agent did before. */
interface AgentPastContract extends AuditIndexUse {
    @Test
    default void past_ofAnAgent_countsItsNewestCalls_andNamesThoseThatPeopleWereAskedAbout() throws Exception {
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
    default void past_ofAnAgentThatCallsAlot_looksAtAThousandCalls() throws Exception {
        append(IntStream.range(0, AgentPast.MAX_CALLS + 5)
                .mapToObj(i -> Records.received("ex_" + i, NOON.plusSeconds(i), "agent-a", "team-a", "", 1))
                .toArray(AuditRecord[]::new));

        AgentPast past = past("agent-a", "team-a", Instant.EPOCH, 10);

        assertThat(past.calls()).isEqualTo(AgentPast.MAX_CALLS);
        assertThat(past.isFull()).isTrue();
        assertThat(past.since()).isEqualTo(NOON.plusSeconds(5));
        assertThat(past.firstSeen()).isEqualTo(NOON);
    }

    private AgentPast past(String agent, String team, Instant from, int asked) throws Exception {
        return await(index().past(new AgentPast.Question(agent, team, from, Instant.MAX, asked)));
    }
}
