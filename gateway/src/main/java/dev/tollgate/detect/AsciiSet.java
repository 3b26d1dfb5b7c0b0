package dev.tollgate.detect;

import java.util.BitSet;

/**
 * A set of ASCII characters.
 *
 * @param low  a bit for each of the first 64
 * @param high a bit for each of the others
 */
record AsciiSet(long low, long high) {
    private static final int SIZE = 2 * Long.SIZE;

    static AsciiSet of(BitSet members) {
        long low = 0;
        long high = 0;
        for (int member = members.nextSetBit(0);
                member >= 0 && member < SIZE;
                member = members.nextSetBit(member + 1)) {
            if (member < Long.SIZE) {
                low |= 1L << member;
            } else {
                high |= 1L << member;
            }
        }
        return new AsciiSet(low, high);
    }

    /** @param symbol a character, a byte of an {@link Image} or a symbol: whatever is not ASCII is no member */
    boolean has(int symbol) {
        return (symbol & -SIZE) == 0 && ((symbol < Long.SIZE ? low : high) >>> symbol & 1) != 0;
    }
}
