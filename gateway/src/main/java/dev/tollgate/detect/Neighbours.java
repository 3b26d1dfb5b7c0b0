package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which symbols may stand around what triggers a rule, if it is part of a match: for quick looks before a {@link Gate} is asked. */
final class Neighbours {
    /** Null if nothing is known of the matches: anything may stand anywhere. */
    private final @Nullable Places places;

    Neighbours(@Nullable Places places) {
        this.places = places;
    }

    /**
     * The symbols that may stand around a digit of a match: at the digit and behind it, if {@code fromStart} the digit begins the match.
     *
     * @return by distance from the digit, {@code count} sets; the bit {@link Shape#SYMBOLS} says that a match may have ended
     */
    List<BitSet> aroundDigit(boolean fromStart, int count) {
        final List<BitSet> ahead = new ArrayList<>();
        if (places == null) {
            return anything(count);
        }
        final BitSet first = new BitSet();
        places.addBehind(0, first);
        BitSet at = digitPlaces(places, fromStart ? first : null);
        boolean isEnded = false;
        for (int i = 0; i < count; i++) {
            final BitSet symbols = new BitSet(Shape.SYMBOLS + 1);
            if (isEnded) {
                symbols.set(0, Shape.SYMBOLS + 1);
            } else {
                final BitSet next = new BitSet();
                for (int place : at.stream().toArray()) {
                    symbols.or(places.symbols(place));
                    places.addBehind(place, next);
                }
                // Behind a surrogate characters are not where they are counted to be.
                isEnded = at.intersects(places.last()) || symbols.get(Shape.SURROGATE);
                at = next;
            }
            ahead.add(symbols);
        }
        return ahead;
    }

    /**
     * The symbols that may follow a word with which a match begins, in either case.
     *
     * @return by distance from its end, {@code count} sets; all where the match may have ended
     */
    List<BitSet> behind(String word, int count) {
        if (places == null) {
            return anything(count);
        }
        BitSet at = new BitSet();
        at.set(0);
        boolean isEnded = false;
        for (int i = 0; i < word.length() && !isEnded; i++) {
            final int small = Shape.symbol(word.charAt(i));
            final int capital = Shape.symbol(Character.toUpperCase(word.charAt(i)));
            final BitSet next = places.next(at, small);
            next.or(places.next(at, capital));
            isEnded = small == Shape.SURROGATE || next.isEmpty() || next.intersects(places.last());
            at = next;
        }
        final List<BitSet> behind = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final BitSet symbols = new BitSet(Shape.SYMBOLS);
            final BitSet next = new BitSet();
            if (isEnded) {
                symbols.set(0, Shape.SYMBOLS);
            } else {
                for (int place : at.stream().toArray()) {
                    places.addBehind(place, next);
                }
                for (int place : next.stream().toArray()) {
                    symbols.or(places.symbols(place));
                }
                isEnded = next.intersects(places.last()) || symbols.get(Shape.SURROGATE);
            }
            behind.add(symbols);
            at = next;
        }
        return behind;
    }

    /** The symbols that may stand so many characters before a digit inside a match, nearest first; all where the match may have begun. */
    List<BitSet> beforeDigit(int count) {
        final List<BitSet> before = new ArrayList<>();
        if (places == null) {
            return anything(count);
        }
        BitSet at = digitPlaces(places, null);
        boolean isBegun = false;
        for (int i = 0; i < count; i++) {
            final BitSet symbols = new BitSet(Shape.SYMBOLS + 1);
            isBegun |= places.isAnyBehind(0, at);
            if (isBegun) {
                symbols.set(0, Shape.SYMBOLS + 1);
            } else {
                final BitSet earlier = new BitSet();
                for (int place = 1; place < places.size(); place++) {
                    if (places.isAnyBehind(place, at)) {
                        earlier.set(place);
                        symbols.or(places.symbols(place));
                    }
                }
                isBegun = symbols.get(Shape.SURROGATE);
                at = earlier;
            }
            before.add(symbols);
        }
        return before;
    }

    private static List<BitSet> anything(int count) {
        final BitSet all = new BitSet();
        all.set(0, Shape.SYMBOLS + 1);
        return Collections.nCopies(count, all);
    }

    /** Places at which a digit may stand that no digit stands before, as before the digits that trigger rules. */
    private static BitSet digitPlaces(Places places, @Nullable BitSet among) {
        final BitSet behindOthers = new BitSet();
        places.addBehind(0, behindOthers);
        for (int place = 1; place < places.size(); place++) {
            if (holdsOther(places.symbols(place))) {
                places.addBehind(place, behindOthers);
            }
        }
        final BitSet digits = new BitSet();
        for (int place = 1; place < places.size(); place++) {
            final BitSet accepted = places.symbols(place);
            final int digit = accepted.nextSetBit('0');
            digits.set(
                    place,
                    behindOthers.get(place) && (among == null || among.get(place)) && digit >= 0 && digit <= '9');
        }
        return digits;
    }

    /** Whether one of the symbols is no digit. */
    private static boolean holdsOther(BitSet symbols) {
        final int first = symbols.nextSetBit(0);
        return (first >= 0 && first < '0') || symbols.nextSetBit('9' + 1) >= 0;
    }
}
