package dev.tollgate.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.policy.BudgetPolicy.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CounterPeriodTest {
    @Test
    void day_isOpen_untilItsEndInTheLastZone() {
        assertThat(CounterPeriod.isOpen("daily/key/k_1/2026-02-28", Instant.parse("2026-03-01T11:59:59Z")))
                .isTrue();
        assertThat(CounterPeriod.isOpen("daily/key/k_1/2026-02-28", Instant.parse("2026-03-01T12:00:00Z")))
                .isFalse();
    }

    @Test
    void month_isOpen_untilItsEndInTheLastZone() {
        assertThat(CounterPeriod.isOpen("monthly/all/2026-12", Instant.parse("2027-01-01T11:59:59Z")))
                .isTrue();
        assertThat(CounterPeriod.isOpen("monthly/all/2026-12", Instant.parse("2027-01-01T12:00:00Z")))
                .isFalse();
    }

    @Test
    void lifetime_andWhatIsNoPeriod_isOpenForEver() {
        Instant far = Instant.parse("2999-01-01T00:00:00Z");

        assertThat(List.of("total/team/a/lifetime", "total/team/2026-1x", "", "a/2026-13", "a/2026-02-30"))
                .allMatch(key -> CounterPeriod.isOpen(key, far));
    }

    @Test
    void futurePeriod_isOpen() {
        assertThat(CounterPeriod.isOpen("daily/all/2026-03-02", Instant.parse("2026-03-01T00:00:00Z")))
                .isTrue();
    }

    /** The labels are those that budgets make, in every zone. */
    @Test
    void windowOfNow_isAlwaysOpen() {
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        for (String zone : ZoneId.getAvailableZoneIds()) {
            for (Period period : Period.values()) {
                String label = new Calendar(
                                Entries.of("b", "1").per(period, zone).entry())
                        .windowOf(now)
                        .label();
                assertThat(CounterPeriod.isOpen("b/all/" + label, now)).as(zone).isTrue();
            }
        }
    }
}
