package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
     * @param time its stretch of time, as questions about spend name it
     * @param label begin of its stretch of time
     * @param costNanos nano-dollars
     * @param calls exchanges received
     * @param height 0 to 100, of the highest
     */
    record Bar(String time, String label, long costNanos, long calls, int height) {}

    boolean isEmpty() {
        return bars.stream().allMatch(bar -> bar.costNanos() == 0);
    }

    List<String> times() {
        return bars.stream().map(Bar::time).toList();
    }

    List<String> labels() {
        return bars.stream().map(Bar::label).toList();
    }

    long highest() {
        return bars.stream().mapToLong(Bar::costNanos).max().orElse(0);
    }

    /**
     * @param step HOUR shows the whole day of {@code from}, DAY every day until {@code now}
     * @param groups first by {@code 2026-11-21} or {@code 2026-11-21T14}
     */
    static SpendChart of(Instant from, Instant now, Dimension step, List<SpendGroup> groups) {
        boolean hourly = step == Dimension.HOUR;
        ChronoUnit unit = hourly ? ChronoUnit.HOURS : ChronoUnit.DAYS;
        long count = hourly ? HOURS : Math.min(MAX_BARS, ChronoUnit.DAYS.between(from, now) + 1);
        Map<String, Spend> sums = new HashMap<>();
        groups.forEach(group -> sums.merge(group.values().get(0), group.spend(), Spend::plus));
        long highest = sums.values().stream().mapToLong(Spend::costNanos).max().orElse(0);
        List<Bar> bars = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            Instant begin = from.plus(i, unit);
            String key = (hourly ? HOUR_KEY : DAY_KEY).format(begin);
            String label = (hourly ? HOUR_LABEL : DAY_LABEL).format(begin);
            Spend spend = sums.getOrDefault(key, Spend.NONE);
            bars.add(new Bar(key, label, spend.costNanos(), spend.calls(), Format.percent(spend.costNanos(), highest)));
        }
        return new SpendChart(bars, hourly ? "hour" : "day");
    }

    private static DateTimeFormatter key(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
