package dev.tollgate.store;

import java.time.Instant;

/** Moments as whole numbers: nanoseconds since 1970, so that they sort and lose nothing. */
public final class EpochNanos {
    private static final long NANOS = 1_000_000_000;

    private EpochNanos() {}

    /** Moments before 1677 and after 2262 become the first and the last that fit. */
    public static long of(Instant at) {
        try {
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
        } catch (ArithmeticException beyond) {
            return at.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    public static Instant toInstant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
