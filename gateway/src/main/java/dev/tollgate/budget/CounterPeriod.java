package dev.tollgate.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** The period that a counter's key ends with: a minute, an hour, a day, a week, a month, a step of a rolling budget, or all time. */
public final class CounterPeriod {
    /** Where a day ends last. */
    private static final ZoneOffset LAST_ZONE = ZoneOffset.ofHours(-12);

    private static final String MINUTE = "minute.";
    private static final String HOUR = "hour.";
    private static final String WEEK = "week.";
    private static final String ROLLING = "rolling.";

    private CounterPeriod() {}

    /**
     * Whether what was spent in a counter still counts, in some time zone: the key does not tell in which. What is no period counts for ever.
     *
     * @param key see {@link Ledger.Counter#key}
     */
    public static boolean isOpen(String key, Instant now) {
        return now.isBefore(endOf(key));
    }

    /** When what was spent in a counter counts no more, wherever its day ends last; {@link Instant#MAX} for never. */
    public static Instant endOf(String key) {
        try {
            return end(key.substring(key.lastIndexOf('/') + 1));
        } catch (DateTimeParseException lifetime) {
            return Instant.MAX;
        }
    }

    private static Instant end(String label) {
        if (label.startsWith(MINUTE)) {
            return Instant.parse(whole(label, MINUTE)).plus(Duration.ofMinutes(1));
        }
        if (label.startsWith(HOUR)) {
            return Instant.parse(whole(label, HOUR)).plus(Duration.ofHours(1));
        }
        if (label.startsWith(ROLLING)) {
            return Rolling.read(label).map(Calendar.Window::countsUntil).orElse(Instant.MAX);
        }
        LocalDate next = label.startsWith(WEEK)
                ? LocalDate.parse(label.substring(WEEK.length())).plusWeeks(1)
                : label.length() == "2026-11".length()
                        ? YearMonth.parse(label).plusMonths(1).atDay(1)
                        : LocalDate.parse(label).plusDays(1);
        return next.atStartOfDay().toInstant(LAST_ZONE);
    }

    /** {@code 2026-11-21T14:05Z} with its seconds. */
    private static String whole(String label, String kind) {
        return label.substring(kind.length()).replace("Z", ":00Z");
    }
}
