package dev.tollgate.value;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of money in whole nano-dollars (10⁻⁹ USD), never negative by convention of budgets but negative as a correction.
 * Arithmetic throws {@link ArithmeticException} on overflow (beyond ± 9.2 billion dollars).
 *
 * @param nanos nano-dollars
 */
public record NanoUsd(long nanos) implements Comparable<NanoUsd> {
    public static final NanoUsd ZERO = new NanoUsd(0);
    private static final int SCALE = 9;

    /** Parses dollars as people write them, {@code 2}, {@code 0.25}, {@code $1.5}. At most nine decimals. */
    public static NanoUsd ofDollars(String dollars) {
        String digits = dollars.startsWith("$") ? dollars.substring(1) : dollars;
        try {
            return new NanoUsd(new BigDecimal(digits)
                    .movePointRight(SCALE)
                    .setScale(0, RoundingMode.UNNECESSARY)
                    .longValueExact());
        } catch (NumberFormatException | ArithmeticException notAnAmount) {
            throw new IllegalArgumentException(
                    "not an amount in dollars with at most 9 decimals: " + dollars, notAnAmount);
        }
    }

    public NanoUsd plus(NanoUsd other) {
        return new NanoUsd(Math.addExact(nanos, other.nanos));
    }

    public NanoUsd minus(NanoUsd other) {
        return new NanoUsd(Math.subtractExact(nanos, other.nanos));
    }

    public boolean isZero() {
        return nanos == 0;
    }

    @Override
    public int compareTo(NanoUsd other) {
        return Long.compare(nanos, other.nanos);
    }

    /** Dollars with as many decimals as needed, at least two unless whole: {@code $2}, {@code $0.25}, {@code $2.000001}. */
    @Override
    public String toString() {
        BigDecimal dollars = BigDecimal.valueOf(nanos, SCALE).stripTrailingZeros();
        BigDecimal shown = dollars.scale() == 1 ? dollars.setScale(2, RoundingMode.UNNECESSARY) : dollars;
        String digits = shown.abs().toPlainString();
        return (nanos < 0 ? "-$" : "$") + digits;
    }
}
