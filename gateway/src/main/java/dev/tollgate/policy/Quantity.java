package dev.tollgate.policy;

import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import java.math.BigDecimal;

/**
 * A number whose unit is told beside it: dollars, tokens or requests.
 *
 * @param number as it is written, without a dollar sign and underscores
 */
public record Quantity(BigDecimal number) implements Comparable<Quantity> {
    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO);

    /** Reads {@code 5}, {@code $0.25}, {@code 2_000_000}. */
    public static Quantity parse(String text) {
        String digits = (text.startsWith("$") ? text.substring(1) : text).replace("_", "");
        return new Quantity(new BigDecimal(digits));
    }

    /**
     * The amount in the smallest part of a unit: nano-dollars, tokens, requests.
     *
     * @throws IllegalArgumentException if the number has a finer part, or is beyond 2⁵³
     */
    public long in(Unit unit) {
        long amount;
        try {
            amount =
                    unit == Unit.USD ? NanoUsd.ofDollars(number.toPlainString()).nanos() : number.longValueExact();
        } catch (ArithmeticException fraction) {
            throw new IllegalArgumentException(
                    this + " is no whole number of " + unit.prefix().replace(":", ""));
        }
        if (amount > 1L << 53) {
            throw new IllegalArgumentException(
                    this + " is above " + unit.show(1L << 53) + ", the most a counter holds");
        }
        return amount;
    }

    @Override
    public int compareTo(Quantity other) {
        return number.compareTo(other.number);
    }

    @Override
    public String toString() {
        return number.toPlainString();
    }
}
