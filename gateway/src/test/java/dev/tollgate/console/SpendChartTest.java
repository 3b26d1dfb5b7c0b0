package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import java.time.Instant;
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
                List.of(row("2026-11-21T09", 50), row("2026-11-21T10", 200)));

        assertThat(chart.bars()).hasSize(24);
        assertThat(chart.bars().get(9)).isEqualTo(new SpendChart.Bar("09:00", 50, 1, 25));
        assertThat(chart.bars().get(10).height()).isEqualTo(100);
        assertThat(chart.bars().get(11).height()).isZero();
    }

    @Test
    void chart_ofDays_hasABarForEach() {
        SpendChart chart = SpendChart.of(
                DAY.minusSeconds(6 * 86_400), DAY.plusSeconds(100), Dimension.DAY, List.of(row("2026-11-21", 7)));

        assertThat(chart.bars()).hasSize(7);
        assertThat(chart.bars().get(6)).isEqualTo(new SpendChart.Bar("21 Nov", 7, 1, 100));
    }

    @Test
    void chart_nothingSpent_isEmpty() {
        assertThat(SpendChart.of(DAY, DAY, Dimension.HOUR, List.of()).isEmpty()).isTrue();
    }

    private static SpendRow row(String value, long nanos) {
        return new SpendRow(value, 1, 0, 0, 0, nanos, 0);
    }
}
