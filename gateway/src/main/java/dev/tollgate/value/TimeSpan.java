package dev.tollgate.value;

import java.time.Duration;

/** Durations as people read them. */
public final class TimeSpan {
    private static final int MILLIS_PER_SECOND = 1000;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int MINUTES_PER_HOUR = 60;

    private TimeSpan() {}

    /** In the largest unit that tells it exactly: {@code 700 ms}, {@code 30 s}, {@code 5 min}, {@code 8 h}. Below a millisecond nothing is told. */
    public static String text(Duration span) {
        long millis = span.toMillis();
        if (millis % MILLIS_PER_SECOND != 0) {
            return millis + " ms";
        }
        long seconds = millis / MILLIS_PER_SECOND;
        return seconds == 0 || seconds % SECONDS_PER_MINUTE != 0
                ? seconds + " s"
                : minutes(seconds / SECONDS_PER_MINUTE);
    }

    private static String minutes(long minutes) {
        return minutes % MINUTES_PER_HOUR == 0 && minutes > MINUTES_PER_HOUR
                ? minutes / MINUTES_PER_HOUR + " h"
                : minutes + " min";
    }
}
