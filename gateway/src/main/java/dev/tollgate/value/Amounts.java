package dev.tollgate.value;

/**
 * An amount of each {@link Unit}.
 *
 * @param nanos nano-dollars
 * @param tokens tokens in and out
 * @param requests calls
 */
public record Amounts(long nanos, long tokens, long requests) {
    public static final Amounts NONE = new Amounts(0, 0, 0);

    /** Money only. */
    public static Amounts of(NanoUsd money) {
        return new Amounts(money.nanos(), 0, 0);
    }

    public NanoUsd money() {
        return new NanoUsd(nanos);
    }

    public long in(Unit unit) {
        return switch (unit) {
            case USD -> nanos;
            case TOKENS -> tokens;
            case REQUESTS -> requests;
        };
    }
}
