package dev.tollgate.budget;

import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/**
 * When the counters of a budget start anew, by the calendar of a time zone: a day may have 23 or 25 hours, an hour begins when the zone's clocks
 * show a full one. A rolling budget has a counter per step of a {@link #STEPS}th of its time, and adds up those before. Remembers the last
 * window, so that most calls compare two instants. Safe on any thread.
 */
final class Calendar {
    /** Steps of a rolling budget. What was spent counts for its whole time, and for up to one step longer. */
    static final int STEPS = 24;

    private static final int DAY_LENGTH = "2026-11-21".length();
    private static final int MONTH_LENGTH = "2026-11".length();
    private static final int MINUTE_LENGTH = "2026-11-21T14:05".length();

    private final BudgetEntry budget;
    private final @Nullable Duration rolling;
    private volatile Window last;

    Calendar(BudgetEntry budget) {
        this.budget = budget;
        this.rolling = budget.rolling();
        this.last = compute(Instant.EPOCH);
    }

    /**
     * @param label names the window in counters' keys
     * @param start its first moment
     * @param end the first moment after it; {@link Instant#MAX} for never
     * @param countsUntil until when what was spent in it counts
     */
    record Window(String label, Instant start, Instant end, Instant countsUntil) {
        boolean holds(Instant at) {
            return !at.isBefore(start) && at.isBefore(end);
        }

        /** Whether it is a step of a budget with so much rolling time. */
        boolean isOf(Duration rolling) {
            return Duration.between(end, countsUntil).equals(rolling);
        }
    }

    Window windowOf(Instant at) {
        Window window = last;
        if (!window.holds(at)) {
            window = compute(at);
            last = window;
        }
        return window;
    }

    private Window compute(Instant at) {
        if (rolling != null) {
            return Rolling.stepAt(rolling, at);
        }
        ZonedDateTime local = at.atZone(budget.timeZone());
        LocalDate day = local.toLocalDate();
        return switch (budget.period()) {
            case MINUTE ->
                moments("minute.", local.truncatedTo(ChronoUnit.MINUTES).toInstant(), ChronoUnit.MINUTES);
            case HOUR -> moments("hour.", local.truncatedTo(ChronoUnit.HOURS).toInstant(), ChronoUnit.HOURS);
            case DAY -> days(day.toString().substring(0, DAY_LENGTH), day, day.plusDays(1));
            case WEEK -> {
                LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield days("week." + monday, monday, monday.plusWeeks(1));
            }
            case MONTH -> {
                LocalDate first = day.withDayOfMonth(1);
                yield days(first.toString().substring(0, MONTH_LENGTH), first, first.plusMonths(1));
            }
            case LIFETIME, REQUEST -> new Window("lifetime", Instant.MIN, Instant.MAX, Instant.MAX);
        };
    }

    /** An hour or a minute is named in UTC: where clocks go back, the zone has two of one name. */
    private static Window moments(String kind, Instant from, ChronoUnit length) {
        Instant to = from.plus(1, length);
        return new Window(kind + from.toString().substring(0, MINUTE_LENGTH) + "Z", from, to, to);
    }

    private Window days(String label, LocalDate from, LocalDate to) {
        Instant end = to.atStartOfDay(budget.timeZone()).toInstant();
        return new Window(label, from.atStartOfDay(budget.timeZone()).toInstant(), end, end);
    }
}
