package dev.tollgate.budget;

import dev.tollgate.budget.Calendar.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of rolling budgets, named {@code rolling.86400s.489123}: the time that counts, and the step's number since 1970. */
final class Rolling {
    private static final String PREFIX = "rolling.";

    private Rolling() {}

    static Window stepAt(Duration rolling, Instant at) {
        long millis = rolling.toMillis();
        return step(millis, Math.floorDiv(Math.multiplyExact(at.toEpochMilli(), Calendar.STEPS), millis));
    }

    private static Window step(long millis, long number) {
        Instant end = start(millis, number + 1);
        String label = PREFIX + millis / 1000 + "s." + number;
        return new Window(label, start(millis, number), end, end.plusMillis(millis));
    }

    /** The first millisecond that is in a step. */
    private static Instant start(long millis, long number) {
        return Instant.ofEpochMilli(Math.ceilDiv(Math.multiplyExact(number, millis), (long) Calendar.STEPS));
    }

    /** The step of this label; empty if it is none. */
    static Optional<Window> read(String label) {
        int dot = label.lastIndexOf('.');
        if (!label.startsWith(PREFIX) || dot <= PREFIX.length() || label.charAt(dot - 1) != 's') {
            return Optional.empty();
        }
        try {
            long seconds = Long.parseLong(label.substring(PREFIX.length(), dot - 1));
            return Optional.of(step(Math.multiplyExact(seconds, 1000L), Long.parseLong(label.substring(dot + 1))));
        } catch (ArithmeticException | NumberFormatException noStep) {
            return Optional.empty();
        }
    }

    /** The keys of the counters that count together with the one of this step, the youngest first. */
    static List<String> before(String key) {
        int dot = key.lastIndexOf('.');
        String series = key.substring(0, dot + 1);
        long number = Long.parseLong(key.substring(dot + 1));
        List<String> keys = new ArrayList<>(Calendar.STEPS);
        for (int i = 1; i <= Calendar.STEPS; i++) {
            keys.add(series + (number - i));
        }
        return List.copyOf(keys);
    }
}
