package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Spend over time as bars, one per hour of a day or per day.
 *
 * @param bars in order of time, empty stretches included
 * @param unit {@code hour} or {@code day}
 */
record SpendChart(List<Bar> bars, String unit) {
    private static final DateTimeFormatter HOUR_KEY = key("yyyy-MM-dd'T'HH");
    private static final DateTimeFormatter DAY_KEY = key("yyyy-MM-dd");
    private static final DateTimeFormatter HOUR_LABEL = key("HH:00");
    private static final DateTimeFormatter DAY_LABEL = key("d MMM");
    private static final int MAX_BARS = 40;
    private static final int HOURS = 24;

    SpendChart {
        bars = List.copyOf(bars);
    }

    /**
     * One bar.
     *
     * @param label begin of its stretch of time
     * @param costNanos nano-dollars
     * @param calls exchanges received
     * @param height 0 to 100, of the highest
     */
    record Bar(String label, long costNanos, long calls, int height) {}

    boolean isEmpty() {
        return bars.stream().allMatch(bar -> bar.costNanos() == 0);
    }

    long highest() {
        return bars.stream().mapToLong(Bar::costNanos).max().orElse(0);
    }

    /**
     * @param step HOUR shows the whole day of {@code from}, DAY every day until {@code now}
     * @param rows values begin with {@code 2026-11-21} or {@code 2026-11-21T14}
     */
    static SpendChart of(Instant from, Instant now, Dimension step, List<SpendRow> rows) {
        boolean hourly = step == Dimension.HOUR;
        ChronoUnit unit = hourly ? ChronoUnit.HOURS : ChronoUnit.DAYS;
        long count = hourly ? HOURS : Math.min(MAX_BARS, ChronoUnit.DAYS.between(from, now) + 1);
        long highest = rows.stream().mapToLong(SpendRow::costNanos).max().orElse(0);
        List<Bar> bars = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            Instant begin = from.plus(i, unit);
            String key = (hourly ? HOUR_KEY : DAY_KEY).format(begin);
            String label = (hourly ? HOUR_LABEL : DAY_LABEL).format(begin);
            SpendRow row = rowOf(rows, key);
            bars.add(new Bar(label, row.costNanos(), row.calls(), Format.percent(row.costNanos(), highest)));
        }
        return new SpendChart(bars, hourly ? "hour" : "day");
    }

    private static SpendRow rowOf(List<SpendRow> rows, String key) {
        return rows.stream()
                .filter(row -> row.value().replace(' ', 'T').startsWith(key))
                .findFirst()
                .orElse(new SpendRow(key, 0, 0, 0, 0, 0, 0));
    }

    private static DateTimeFormatter key(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
