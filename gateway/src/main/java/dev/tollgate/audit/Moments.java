package dev.tollgate.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * Moments as ISO 8601 in UTC, exactly as {@link Instant#toString} writes and {@link Instant#parse} reads them, but without their formatter,
 * which costs more than the rest of a record.
 */
final class Moments {
    private static final int DAY_SECONDS = 86_400;
    private static final int DATE = "2026-11-21T".length();
    private static final int SECONDS = "2026-11-21T14:05:06".length();
    private static final int MAX_FRACTION = 9;

    /** A day and its text: records are written in the order of time, so that it seldom changes. */
    private record Day(long epochDay, String text) {}

    private static volatile Day today = new Day(Long.MIN_VALUE, "");

    private Moments() {}

    /** Most bytes of a moment whose year has four digits. */
    static final int MAX_LENGTH = SECONDS + 2 + MAX_FRACTION;

    static String format(Instant at) {
        byte[] text = new byte[MAX_LENGTH];
        int end = write(at, text, 0);
        return end < 0 ? at.toString() : new String(text, 0, end, StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes a moment in ASCII.
     *
     * @param to has room for {@link #MAX_LENGTH} bytes behind {@code from}
     * @return where it ends; -1 where its year has more than four digits, and nothing was written
     */
    static int write(Instant at, byte[] to, int from) {
        long epochDay = Math.floorDiv(at.getEpochSecond(), DAY_SECONDS);
        Day day = today;
        if (day.epochDay != epochDay) {
            // Years beyond four digits are written with a sign.
            String text = at.toString();
            if (text.indexOf('T') != DATE - 1) {
                return -1;
            }
            day = new Day(epochDay, text.substring(0, DATE));
            today = day;
        }
        int second = (int) Math.floorMod(at.getEpochSecond(), (long) DAY_SECONDS);
        int nano = at.getNano();
        for (int i = 0; i < DATE; i++) {
            to[from + i] = (byte) day.text.charAt(i);
        }
        two(to, from + DATE, second / 3600);
        to[from + DATE + 2] = ':';
        two(to, from + DATE + 3, second / 60 % 60);
        to[from + DATE + 5] = ':';
        two(to, from + DATE + 6, second % 60);
        int end = nano == 0 ? from + SECONDS : fraction(to, from + SECONDS, nano);
        to[end] = 'Z';
        return end + 1;
    }

    /** Writes the fraction with three, six or nine digits, as few as it needs; yields the end. */
    private static int fraction(byte[] text, int from, int nano) {
        int digits = nano % 1_000_000 == 0 ? 3 : nano % 1_000 == 0 ? 6 : MAX_FRACTION;
        text[from] = '.';
        int rest = digits == 3 ? nano / 1_000_000 : digits == 6 ? nano / 1_000 : nano;
        for (int i = from + digits; i > from; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return from + 1 + digits;
    }

    private static void two(byte[] text, int at, int number) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
    }

    /**
     * @throws DateTimeParseException if it is no moment
     */
    static Instant parse(String text) {
        int end = text.length() - 1;
        boolean usual = end >= SECONDS
                && end <= SECONDS + 1 + MAX_FRACTION
                && text.charAt(end) == 'Z'
                && text.charAt(DATE - 1) == 'T'
                && text.charAt(DATE + 2) == ':'
                && text.charAt(DATE + 5) == ':'
                && (end == SECONDS || (end > SECONDS + 1 && text.charAt(SECONDS) == '.'));
        Day day = today;
        if (!usual || !text.startsWith(day.text) || day.text.isEmpty()) {
            return remembered(Instant.parse(text), text, usual);
        }
        int hour = digits(text, DATE, DATE + 2);
        int minute = digits(text, DATE + 3, DATE + 5);
        int second = digits(text, DATE + 6, SECONDS);
        int fraction = end == SECONDS ? 0 : digits(text, SECONDS + 1, end);
        // What is not plainly a time of day is left to those who know all forms.
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || fraction < 0) {
            return Instant.parse(text);
        }
        int missing = end == SECONDS ? 0 : MAX_FRACTION - (end - SECONDS - 1);
        long nanos = fraction;
        for (int i = 0; i < missing; i++) {
            nanos *= 10;
        }
        return Instant.ofEpochSecond(day.epochDay * DAY_SECONDS + hour * 3600L + minute * 60L + second, nanos);
    }

    private static Instant remembered(Instant parsed, String text, boolean usual) {
        if (usual) {
            today = new Day(LocalDate.parse(text.substring(0, DATE - 1)).toEpochDay(), text.substring(0, DATE));
        }
        return parsed;
    }

    /** The number that these characters write; -1 where one is no digit. */
    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
