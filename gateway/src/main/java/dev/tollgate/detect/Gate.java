package dev.tollgate.detect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says fast where an expression cannot match: an automaton of its {@link Shape} that reads each character once and never goes back. What it
 * lets through the expression itself must judge. Its states are made when texts first need them, and forgotten when they are too many: what
 * many texts have taught it must not make it let everything through. Any thread.
 */
final class Gate {
    /** States that are known at once. */
    private static final int MOST_STATES = 256;

    private static final int UNKNOWN = 0;
    private static final int CLOSED = -1;
    private static final int OPEN = -2;
    private static final int FULL = -3;
    private static final int START = 1;

    private final @Nullable Places places;
    private final boolean isAlwaysOpen;
    private final int mostChars;
    /** By symbol, its column: symbols that no place tells apart share one. */
    private final byte[] columns;

    private final boolean[] begins;

    private final int width;
    private volatile Automaton automaton = new Automaton();

    /** The states that are known, and what follows them. */
    private static final class Automaton {
        /** By state and column, the next state. Each entry is written once; a thread that misses that computes the same. */
        private final int[] @Nullable [] rows = new int[MOST_STATES + 1][];

        private final List<BitSet> states = new ArrayList<>();
        private final Map<BitSet, Integer> numberOf = new HashMap<>();

        Automaton() {
            // Number 0 stands for "not known yet".
            states.add(new BitSet());
            final BitSet start = new BitSet();
            start.set(0);
            int unused = number(start);
        }

        private int number(BitSet state) {
            final Integer known = numberOf.get(state);
            if (known != null) {
                return known;
            }
            if (states.size() > MOST_STATES) {
                return FULL;
            }
            numberOf.put(state, states.size());
            states.add(state);
            return states.size() - 1;
        }
    }

    /** A gate for the matches of this expression. */
    static Gate of(Pattern pattern) {
        final Shape shape = ShapeReader.read(pattern).orElse(null);
        return shape == null ? new Gate(null, Integer.MAX_VALUE) : new Gate(Places.of(shape), (int) shape.mostChars());
    }

    private Gate(@Nullable Places places, int mostChars) {
        this.mostChars = mostChars;
        this.places = places;
        this.isAlwaysOpen = places == null || places.last().get(0);
        this.columns = new byte[Shape.SYMBOLS];
        this.begins = begins();
        this.width = places == null ? 1 : columns(places, columns);
    }

    private static int columns(Places places, byte[] columns) {
        final Map<BitSet, Integer> known = new HashMap<>();
        for (int symbol = 0; symbol < Shape.SYMBOLS; symbol++) {
            final BitSet accepting = new BitSet();
            for (int place = 1; place < places.size(); place++) {
                accepting.set(place, places.symbols(place).get(symbol));
            }
            columns[symbol] = (byte) (int) known.computeIfAbsent(accepting, any -> known.size());
        }
        return known.size();
    }

    /** Length of the longest match, in chars; {@link Integer#MAX_VALUE} where it is not known. */
    int mostChars() {
        return mostChars;
    }

    /** The first place from {@code start} to {@code last} at which a match may begin; behind {@code last} if there is none. */
    int nextBeginning(Image image, int start, int last) {
        final byte[] bytes = image.bytes();
        int at = start;
        while (at <= last && !begins[bytes[Image.MARGIN + at] & 0xFF]) {
            at++;
        }
        return at;
    }

    /** By byte of an image, whether a match may begin with it. */
    private boolean[] begins() {
        final boolean[] begins = new boolean[1 << Byte.SIZE];
        final BitSet start = new BitSet();
        start.set(0);
        for (int one = 0; one < begins.length; one++) {
            begins[one] = isAlwaysOpen
                    || (one < Shape.ASCII
                            ? !known().next(start, one).isEmpty()
                            : !known().next(start, Shape.WIDE).isEmpty()
                                    || !known().next(start, Shape.SURROGATE).isEmpty());
        }
        return begins;
    }

    /** Whether the expression may match what begins at {@code start} and ends at or before {@code end}. */
    boolean isOpen(String text, int start, int end, Work work) {
        return closedAt(text, Image.of(text), start, end, work) < 0;
    }

    /**
     * As {@link #isOpen}.
     *
     * @param image of the text
     * @return negative if the expression may match, else where what was read ends of which it is known that nothing can match there
     */
    int closedAt(String text, Image image, int start, int end, Work work) {
        if (isAlwaysOpen) {
            return -1;
        }
        final int last = last(text, image.bytes(), start, end);
        work.spend(Math.abs(last) - start);
        return last;
    }

    /** Where it is known whether a match may end there: negative if one may. */
    private int last(String text, byte[] bytes, int start, int end) {
        final Automaton known = automaton;
        int state = START;
        int at = start;
        while (at < end) {
            final byte one = bytes[Image.MARGIN + at];
            state = step(known, state, one < 0 ? column(text.charAt(at)) : columns[one] & 0xFF);
            at++;
            if (state == FULL) {
                forget(known);
                return slowly(text, start, end);
            }
            if (state < 0) {
                return state == OPEN ? -at : at;
            }
        }
        return at;
    }

    private int column(char c) {
        return columns[c < Shape.ASCII ? c : Shape.symbol(c)] & 0xFF;
    }

    private synchronized void forget(Automaton full) {
        if (automaton == full) {
            automaton = new Automaton();
        }
    }

    /** The same without an automaton: state by state. */
    private int slowly(String text, int start, int end) {
        BitSet state = new BitSet();
        state.set(0);
        int at = start;
        while (at < end && !state.isEmpty()) {
            final int symbol = Shape.symbol(text.charAt(at++));
            state = known().next(state, symbol);
            if (isOpen(state, symbol)) {
                return -at;
            }
        }
        return at;
    }

    /** Whether what begins at {@code start} may be the beginning of a match that goes on behind the end of the text. */
    boolean mayGoOn(String text, int start) {
        final Automaton known = automaton;
        int state = START;
        for (int at = start; at < text.length() && state > 0; at++) {
            state = step(known, state, column(text.charAt(at)));
        }
        if (state == FULL) {
            forget(known);
        }
        return isAlwaysOpen || state != CLOSED;
    }

    private int step(Automaton known, int state, int column) {
        final int[] row = known.rows[state];
        final int next = row == null ? UNKNOWN : row[column];
        return next == UNKNOWN ? explore(known, state, column) : next;
    }

    private int explore(Automaton known, int state, int column) {
        if (places == null) {
            return OPEN;
        }
        int symbol = 0;
        while ((columns[symbol] & 0xFF) != column) {
            symbol++;
        }
        synchronized (known) {
            final BitSet next = places.next(known.states.get(state), symbol);
            final int found = next.isEmpty() ? CLOSED : isOpen(next, symbol) ? OPEN : known.number(next);
            if (found == FULL) {
                return FULL;
            }
            int[] row = known.rows[state];
            if (row == null) {
                row = new int[width];
                known.rows[state] = row;
            }
            row[column] = found;
            return found;
        }
    }

    /** Whether a match may have ended. A character beyond the basic plane is two of ours: the expression itself counts it. */
    private boolean isOpen(BitSet state, int symbol) {
        return !state.isEmpty() && (symbol == Shape.SURROGATE || state.intersects(known().last()));
    }

    private Places known() {
        return Objects.requireNonNull(places, "a gate that has places");
    }

    /** What stands in and around matches. */
    Neighbours neighbours() {
        return new Neighbours(isAlwaysOpen ? null : places);
    }
}
