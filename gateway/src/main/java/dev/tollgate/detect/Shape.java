package dev.tollgate.detect;

import java.util.BitSet;
import java.util.List;

/**
 * What the matches of an expression look like, told more loosely than the expression does: whatever it matches has the shape, and some texts
 * beside. Conditions on what stands around a match are left out.
 *
 * <p>Characters are told apart as {@link #symbol}: 128 for ASCII, one for all others of the basic plane, one for surrogates.
 */
sealed interface Shape {
    int ASCII = 128;
    /** Any character of the basic plane beyond ASCII. */
    int WIDE = 128;
    /** Half of a character beyond the basic plane. */
    int SURROGATE = 129;

    int SYMBOLS = 130;

    /**
     * One character.
     *
     * @param symbols those it may be; not to be written to
     */
    record One(BitSet symbols) implements Shape {}

    /** One after the other; nothing at all if there are none. */
    record Row(List<Shape> parts) implements Shape {
        public Row {
            parts = List.copyOf(parts);
        }
    }

    /** Any one of them. */
    record Choice(List<Shape> options) implements Shape {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /** The same again and again. */
    record Repeat(Shape shape, int least, int most) implements Shape {}

    /** Most chars that may have this shape; {@link Integer#MAX_VALUE} if there is no most. */
    default long mostChars() {
        final long most = switch (this) {
            case One(BitSet symbols) -> symbols.get(SURROGATE) ? 2 : 1;
            case Row(List<Shape> parts) ->
                parts.stream().mapToLong(Shape::mostChars).sum();
            case Choice(List<Shape> options) ->
                options.stream().mapToLong(Shape::mostChars).max().orElse(0);
            case Repeat(Shape shape, int least, int times) -> shape.mostChars() * times;
        };
        return Math.min(most, Integer.MAX_VALUE);
    }

    static int symbol(char c) {
        return c < ASCII ? c : Character.isSurrogate(c) ? SURROGATE : WIDE;
    }
}
