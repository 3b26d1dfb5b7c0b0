package dev.tollgate.detect;

import java.util.Arrays;

/**
 * What the search of a text met, in the order of its places, and for each of it what was read to judge it: where a view of the text reads the same there,
 * it need not be judged again. Holds places and no text. Not thread-safe.
 */
final class Met {
    /** At most one for so many characters is remembered, so that texts which are full of them take little room. */
    private static final int CHARS_PER_ONE = 4;

    private static final int LEAST = 64;
    /** Room for more is not kept. */
    private static final int MOST_KEPT = 4096;

    private int most;
    private long[] met = new long[LEAST];
    private long[] read = new long[LEAST];
    private int count;
    private boolean isComplete = true;

    /**
     * Forgets what was met before.
     *
     * @param textLength of the next text, in chars
     */
    void begin(int textLength) {
        most = LEAST + textLength / CHARS_PER_ONE;
        count = 0;
        isComplete = true;
        if (met.length > MOST_KEPT) {
            met = new long[LEAST];
            read = new long[LEAST];
        }
    }

    /**
     * Adds something behind what was met before, or at the same place.
     *
     * @param what 0 or more
     * @param from the first character that was read
     * @param to   behind the last
     */
    void add(int start, int what, int from, int to) {
        if (count == most) {
            isComplete = false;
            return;
        }
        if (count == met.length) {
            final int more = Math.min(most, 2 * count);
            met = Arrays.copyOf(met, more);
            read = Arrays.copyOf(read, more);
        }
        met[count] = ((long) start << Integer.SIZE) | what;
        read[count++] = ((long) from << Integer.SIZE) | to;
    }

    /** Whether there was room for all. */
    boolean isComplete() {
        return isComplete;
    }

    int count() {
        return count;
    }

    /** Index of the first that was met at {@code start} or behind it; {@link #count} if there is none. */
    int firstFrom(int start) {
        final int found = Arrays.binarySearch(met, 0, count, (long) start << Integer.SIZE);
        return found >= 0 ? found : -found - 1;
    }

    int start(int index) {
        return (int) (met[index] >>> Integer.SIZE);
    }

    int what(int index) {
        return (int) met[index];
    }

    /** Whether all that was read lies within {@code from..to}. */
    boolean wasReadWithin(int index, int from, int to) {
        return (int) (read[index] >> Integer.SIZE) >= from && (int) read[index] <= to;
    }
}
