package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpendChartTest {
    private static final Instant DAY = Instant.parse("2026-11-21T00:00:00Z");

    @Test
    void chart_ofADay_has24BarsWithEmptyHours() {
        SpendChart chart = SpendChart.of(
                DAY,
                DAY.plusSeconds(50_000),
                Dimension.HOUR,
                List.of(row("2026-11-21T09", 30), row("2026-11-21T10", 200), row("2026-11-21T09", 20)));

        assertThat(chart.bars()).hasSize(24);
        assertThat(chart.bars().get(9)).isEqualTo(new SpendChart.Bar("2026-11-21T09", "09:00", 50, 2, 25));
        assertThat(chart.bars().get(10).height()).isEqualTo(100);
        assertThat(chart.bars().get(11).height()).isZero();
    }

    @Test
    void chart_ofDays_hasABarForEach() {
        SpendChart chart = SpendChart.of(
                DAY.minusSeconds(6 * 86_400), DAY.plusSeconds(100), Dimension.DAY, List.of(row("2026-11-21", 7)));

        assertThat(chart.bars()).hasSize(7);
        assertThat(chart.bars().get(6)).isEqualTo(new SpendChart.Bar("2026-11-21", "21 Nov", 7, 1, 100));
    }

    @Test
    void chart_nothingSpent_isEmpty() {
        assertThat(SpendChart.of(DAY, DAY, Dimension.HOUR, List.of()).isEmpty()).isTrue();
    }

    @Test
    void series_drawTheDearestValues_andTheOthersAsOne() {
        List<SpendGroup> groups = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            groups.add(group("2026-11-21", "team-" + i, i * 1_000_000_000L));
        }

        String json = SpendSeries.json(List.of("2026-11-21"), List.of("21 Nov"), groups, value -> "/" + value);

        assertThat(json)
                .startsWith("{\"labels\":[\"21 Nov\"],\"series\":[{\"name\":\"team-8\",\"link\":\"/team-8\",")
                .contains("{\"name\":\"others\",\"link\":\"\",\"dollars\":[3.000000000]}")
                .doesNotContain("team-2");
    }

    private static SpendGroup row(String value, long nanos) {
        return group(value, "team", nanos);
    }

    private static SpendGroup group(String time, String value, long nanos) {
        return new SpendGroup(List.of(time, value), new Spend(1, 0, 0, 0, nanos, 0, 0, 0, 0, 0, 0, 0, 0));
    }
}
