package dev.tollgate.store.sqlite;

import java.time.Instant;

/** Moments as SQLite keeps them: nanoseconds since 1970 in an integer. */
final class Moments {
    private static final long NANOS = 1_000_000_000;

    private Moments() {}

    /** Moments before 1677 and after 2262 become the first and the last that fit. */
    static long nanos(Instant at) {
        try {
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
        } catch (ArithmeticException beyond) {
            return at.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
