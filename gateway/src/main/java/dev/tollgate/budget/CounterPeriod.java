package dev.tollgate.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** The period that a counter's key ends with: a day, a month, or all time. */
public final class CounterPeriod {
    /** Where a day ends last. */
    private static final ZoneOffset LAST_ZONE = ZoneOffset.ofHours(-12);

    private CounterPeriod() {}

    /**
     * Whether money can still be spent from a counter, in some time zone: the key does not tell in which. What is no period counts for ever.
     *
     * @param key see {@link Ledger.Counter#key}
     */
    public static boolean isOpen(String key, Instant now) {
        String label = key.substring(key.lastIndexOf('/') + 1);
        try {
            LocalDate next = label.length() == "2026-11".length()
                    ? YearMonth.parse(label).plusMonths(1).atDay(1)
                    : LocalDate.parse(label).plusDays(1);
            return now.isBefore(next.atStartOfDay().toInstant(LAST_ZONE));
        } catch (DateTimeParseException lifetime) {
            return true;
        }
    }
}
