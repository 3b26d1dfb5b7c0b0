package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The places of a shape at which a character stands, and which may follow which (Glushkov, 1961). Place 0 is the start, before any character.
 * Long repetitions are cut short to loops, which only loosens the shape.
 */
final class Places {
    private static final int MOST_PLACES = 1024;
    /** Stands for all places there is no room for: any character, and a match may end there. */
    private static final int BEYOND = 1;

    /** Places that one repetition may be written out to. */
    private static final int MOST_COPIES = 96;

    /** By place; those that are alike are one, because rules have many places and few classes of characters. */
    private final List<BitSet> symbols = new ArrayList<>();
    /** By place, as long as places are added. */
    private final List<BitSet> linked = new ArrayList<>();
    /** By place, those behind it: few, which take less room as numbers than as bits. */
    private int[][] follow = {};

    private final Map<BitSet, BitSet> known = new HashMap<>();
    private final BitSet last = new BitSet();

    /** A part of the shape: where it may begin and end, and whether it may be nothing. */
    private record Part(BitSet first, BitSet last, boolean mayBeEmpty) {
        static Part nothing() {
            return new Part(new BitSet(), new BitSet(), true);
        }
    }

    private Places() {
        symbols.add(new BitSet());
        linked.add(new BitSet());
        final BitSet all = new BitSet();
        all.set(0, Shape.SYMBOLS);
        symbols.add(all);
        linked.add(new BitSet());
        last.set(BEYOND);
    }

    static Places of(Shape shape) {
        final Places places = new Places();
        final Part whole = places.part(shape);
        places.linked.getFirst().or(whole.first);
        places.last.or(whole.last);
        places.last.set(0, whole.mayBeEmpty);
        places.follow =
                places.linked.stream().map(behind -> behind.stream().toArray()).toArray(int[][]::new);
        places.linked.clear();
        places.known.clear();
        return places;
    }

    /** What may stand at a place. */
    BitSet symbols(int place) {
        return symbols.get(place);
    }

    /** Adds the places behind a place. */
    void addBehind(int place, BitSet to) {
        for (int behind : follow[place]) {
            to.set(behind);
        }
    }

    /** Whether one of some places is behind a place. */
    boolean isAnyBehind(int place, BitSet some) {
        for (int behind : follow[place]) {
            if (some.get(behind)) {
                return true;
            }
        }
        return false;
    }

    /** Where a match may end. */
    BitSet last() {
        return last;
    }

    int size() {
        return symbols.size();
    }

    private Part part(Shape shape) {
        return switch (shape) {
            case Shape.One(BitSet accepted) -> one(accepted);
            case Shape.Row(List<Shape> parts) -> {
                Part row = Part.nothing();
                for (Shape part : parts) {
                    row = chain(row, part(part));
                }
                yield row;
            }
            case Shape.Choice(List<Shape> options) -> choice(options);
            case Shape.Repeat(Shape repeated, int least, int most) -> repeat(repeated, least, most);
        };
    }

    private Part one(BitSet accepted) {
        final BitSet only = new BitSet();
        if (symbols.size() == MOST_PLACES) {
            only.set(BEYOND);
        } else {
            only.set(symbols.size());
            symbols.add(known.computeIfAbsent(accepted, any -> any));
            linked.add(new BitSet());
        }
        return new Part(only, only, false);
    }

    private Part choice(List<Shape> options) {
        final BitSet first = new BitSet();
        final BitSet ends = new BitSet();
        boolean mayBeEmpty = false;
        for (Shape option : options) {
            final Part part = part(option);
            first.or(part.first);
            ends.or(part.last);
            mayBeEmpty |= part.mayBeEmpty;
        }
        return new Part(first, ends, mayBeEmpty);
    }

    private Part chain(Part before, Part after) {
        link(before.last, after.first);
        final BitSet first = (BitSet) before.first.clone();
        if (before.mayBeEmpty) {
            first.or(after.first);
        }
        final BitSet ends = (BitSet) after.last.clone();
        if (after.mayBeEmpty) {
            ends.or(before.last);
        }
        return new Part(first, ends, before.mayBeEmpty && after.mayBeEmpty);
    }

    private void link(BitSet from, BitSet to) {
        from.stream().forEach(place -> linked.get(place).or(to));
    }

    private Part repeat(Shape shape, int least, int most) {
        if (most == 0) {
            return Part.nothing();
        }
        final int before = symbols.size();
        Part row = part(shape);
        final int each = Math.max(1, symbols.size() - before);
        final int copies = Math.max(1, MOST_COPIES / each);
        for (int i = 1; i < Math.min(least, copies); i++) {
            row = chain(row, part(shape));
        }
        Part whole = least == 0 ? new Part(row.first, row.last, true) : row;
        final int begun = Math.max(1, Math.min(least, copies));
        if (most <= copies) {
            for (int i = begun; i < most; i++) {
                final Part more = part(shape);
                whole = chain(whole, new Part(more.first, more.last, true));
            }
        } else {
            final Part loop = part(shape);
            link(loop.last, loop.first);
            whole = chain(whole, new Part(loop.first, loop.last, true));
        }
        return whole;
    }

    /** The places at which a symbol may stand that follows them. */
    BitSet next(BitSet from, int symbol) {
        final BitSet next = new BitSet();
        for (int place = from.nextSetBit(0); place >= 0; place = from.nextSetBit(place + 1)) {
            addBehind(place, next);
        }
        for (int place = next.nextSetBit(0); place >= 0; place = next.nextSetBit(place + 1)) {
            if (!symbols(place).get(symbol)) {
                next.clear(place);
            }
        }
        return next;
    }
}
