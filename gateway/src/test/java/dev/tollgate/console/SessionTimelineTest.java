package dev.tollgate.console;

import static dev.tollgate.console.SampleSessions.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.console.SessionTimeline.Lane;
import dev.tollgate.console.SessionTimeline.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionTimelineTest {
    @Test
    void steps_sumWhatTheSessionCost_andLieWhereTheyHappened() {
        SessionTimeline timeline = SessionTimeline.of(
                List.of(call(1, 0, "", "", 1_000), call(2, 30, "", "", 500), call(3, 90, "", "", 250)));

        assertThat(timeline.steps()).extracting(Step::costSoFar).containsExactly(1_000L, 1_500L, 1_750L);
        assertThat(timeline.costNanos()).isEqualTo(1_750);
        assertThat(timeline.steps())
                .extracting(Step::since)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(90));
        assertThat(timeline.length()).isEqualTo(Duration.ofSeconds(100));
        assertThat(timeline.steps()).extracting(Step::left).containsExactly(0, 300, 900);
        assertThat(timeline.steps()).extracting(Step::width).containsExactly(100, 100, 100);
    }

    @Test
    void agents_standBehindThoseThatStartedThem() {
        SessionTimeline timeline = SessionTimeline.of(List.of(
                call(1, 0, "", "", 5),
                call(2, 1, "reader", "planner", 1),
                call(3, 2, "planner", "", 2),
                call(4, 3, "reader", "planner", 1),
                call(5, 4, "stray", "somebody else", 9)));

        assertThat(timeline.lanes())
                .containsExactly(
                        new Lane("coder", 0, 1, 5),
                        new Lane("planner", 1, 1, 2),
                        new Lane("reader", 2, 2, 2),
                        new Lane("stray", 0, 1, 9));
    }

    @Test
    void helpersThatStartedEachOther_areToldAllTheSame() {
        SessionTimeline timeline = SessionTimeline.of(List.of(call(1, 0, "a", "b", 1), call(2, 1, "b", "a", 1)));

        assertThat(timeline.lanes()).extracting(Lane::name).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void step_thatWasStopped_saysWhy() {
        Step step = SessionTimeline.of(List.of(call(1, 0, "", "", 1))).steps().getFirst();

        assertThat(step.remarks()).containsExactly("scan: a key was found");
        assertThat(step.rules()).containsExactly("aws-key");
        assertThat(step.wasHeld()).isFalse();
    }
}
