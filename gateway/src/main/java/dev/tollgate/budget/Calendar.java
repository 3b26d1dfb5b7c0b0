package dev.tollgate.budget;

import dev.tollgate.policy.BudgetPolicy.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * When the counters of a budget start anew, by the calendar of a time zone: a day may have 23 or 25 hours. Remembers the last window, so
 * that most calls compare two instants. Safe on any thread.
 */
final class Calendar {
    private final Period period;
    private final ZoneId zone;
    private volatile Window last;

    Calendar(Period period, ZoneId zone) {
        this.period = period;
        this.zone = zone;
        this.last = compute(Instant.EPOCH);
    }

    /**
     * @param label names the window in counter keys: its first day
     * @param start its first moment
     * @param end the first moment after it; {@link Instant#MAX} for never
     */
    record Window(String label, Instant start, Instant end) {
        boolean holds(Instant at) {
            return !at.isBefore(start) && at.isBefore(end);
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
        LocalDate day = at.atZone(zone).toLocalDate();
        return switch (period) {
            case DAY -> window(day.toString(), day, day.plusDays(1));
            case MONTH -> {
                LocalDate first = day.withDayOfMonth(1);
                yield window(first.toString().substring(0, "2026-11".length()), first, first.plusMonths(1));
            }
            case LIFETIME -> new Window("lifetime", Instant.MIN, Instant.MAX);
        };
    }

    private Window window(String label, LocalDate from, LocalDate to) {
        return new Window(
                label,
                from.atStartOfDay(zone).toInstant(),
                to.atStartOfDay(zone).toInstant());
    }
}
