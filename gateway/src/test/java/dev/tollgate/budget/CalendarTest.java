package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.budget.Calendar.Window;
import dev.tollgate.policy.BudgetPolicy.Period;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When counters start anew where clocks change. In 2026: Berlin on 29 March and 25 October, Los Angeles on 8 March and 1 November. */
class CalendarTest {
    private static final String BERLIN = "Europe/Berlin";
    private static final String LOS_ANGELES = "America/Los_Angeles";

    @Test
    void day_inBerlin_hasTwentyThreeAndTwentyFiveHours() {
        assertRollsOver(Period.DAY, BERLIN, "2026-03-28T23:00:00Z", "2026-03-29", 23, "2026-03-30");
        assertRollsOver(Period.DAY, BERLIN, "2026-10-24T22:00:00Z", "2026-10-25", 25, "2026-10-26");
    }

    @Test
    void day_inLosAngeles_hasTwentyThreeAndTwentyFiveHours() {
        assertRollsOver(Period.DAY, LOS_ANGELES, "2026-03-08T08:00:00Z", "2026-03-08", 23, "2026-03-09");
        assertRollsOver(Period.DAY, LOS_ANGELES, "2026-11-01T07:00:00Z", "2026-11-01", 25, "2026-11-02");
    }

    @Test
    void week_beginsOnMonday_andIsAnHourShorterOrLonger() {
        assertRollsOver(Period.WEEK, BERLIN, "2026-03-22T23:00:00Z", "week.2026-03-23", 167, "week.2026-03-30");
        assertRollsOver(Period.WEEK, BERLIN, "2026-10-18T22:00:00Z", "week.2026-10-19", 169, "week.2026-10-26");
        assertRollsOver(Period.WEEK, LOS_ANGELES, "2026-03-02T08:00:00Z", "week.2026-03-02", 167, "week.2026-03-09");
        assertRollsOver(Period.WEEK, LOS_ANGELES, "2026-10-26T07:00:00Z", "week.2026-10-26", 169, "week.2026-11-02");
    }

    @Test
    void month_isAnHourShorterOrLonger() {
        assertRollsOver(Period.MONTH, BERLIN, "2026-02-28T23:00:00Z", "2026-03", 31 * 24 - 1, "2026-04");
        assertRollsOver(Period.MONTH, BERLIN, "2026-09-30T22:00:00Z", "2026-10", 31 * 24 + 1, "2026-11");
        assertRollsOver(Period.MONTH, LOS_ANGELES, "2026-03-01T08:00:00Z", "2026-03", 31 * 24 - 1, "2026-04");
        assertRollsOver(Period.MONTH, LOS_ANGELES, "2026-11-01T07:00:00Z", "2026-11", 30 * 24 + 1, "2026-12");
    }

    @Test
    void hours_thatAZoneCallsAlike_areTwo() {
        Calendar berlin = calendar(Period.HOUR, BERLIN);

        Window first = berlin.windowOf(Instant.parse("2026-10-25T00:30:00Z"));
        Window second = berlin.windowOf(Instant.parse("2026-10-25T01:30:00Z"));

        assertThat(first.label()).isEqualTo("hour.2026-10-25T00:00Z");
        assertThat(second.label()).isEqualTo("hour.2026-10-25T01:00Z");
        assertThat(first.end()).isEqualTo(second.start());
    }

    @Test
    void hour_beginsWhenTheZonesClocksShowAFullOne() {
        Window window = calendar(Period.HOUR, "Asia/Kolkata").windowOf(Instant.parse("2026-11-21T12:00:00Z"));

        assertThat(window.label()).isEqualTo("hour.2026-11-21T11:30Z");
        assertThat(window.end()).isEqualTo(Instant.parse("2026-11-21T12:30:00Z"));
    }

    @Test
    void minute_hasSixtySeconds() {
        assertRollsOver(
                Period.MINUTE,
                "UTC",
                "2026-11-21T12:00:00Z",
                "minute.2026-11-21T12:00Z",
                Duration.ofMinutes(1),
                "minute.2026-11-21T12:01Z");
    }

    @Test
    void rollingSteps_areATwentyFourthEach_withoutGaps() {
        for (Duration rolling : new Duration[] {Duration.ofMinutes(1), Duration.ofSeconds(100), Duration.ofDays(7)}) {
            Calendar calendar =
                    new Calendar(Entries.of("b", "1").rolling(rolling).entry());
            Window window = calendar.windowOf(Instant.parse("2026-11-21T12:00:00Z"));
            for (int i = 0; i < 100; i++) {
                Window next = calendar.windowOf(window.end());
                assertThat(next.start()).isEqualTo(window.end());
                assertThat(calendar.windowOf(next.end().minusMillis(1))).isEqualTo(next);
                assertThat(Duration.between(next.start(), next.end()).toMillis())
                        .isBetween(rolling.toMillis() / 24, rolling.toMillis() / 24 + 1);
                assertThat(Rolling.read(next.label())).contains(next);
                window = next;
            }
        }
    }

    private static void assertRollsOver(
            Period period, String zone, String start, String label, int hours, String next) {
        assertRollsOver(period, zone, start, label, Duration.ofHours(hours), next);
    }

    private static void assertRollsOver(
            Period period, String zone, String start, String label, Duration length, String next) {
        Calendar calendar = calendar(period, zone);
        Instant first = Instant.parse(start);

        assertThat(calendar.windowOf(first.minusMillis(1)).end()).isEqualTo(first);
        assertThat(calendar.windowOf(first).label()).isEqualTo(label);
        assertThat(calendar.windowOf(first).end()).isEqualTo(first.plus(length));
        assertThat(calendar.windowOf(first.plus(length).minusMillis(1)).label()).isEqualTo(label);
        assertThat(calendar.windowOf(first.plus(length)).label()).isEqualTo(next);
    }

    private static Calendar calendar(Period period, String zone) {
        return new Calendar(Entries.of("b", "1").per(period, zone).entry());
    }
}
