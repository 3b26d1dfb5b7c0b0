package dev.tollgate.audit;

/**
 * A place in the journal.
 *
 * @param segment number of the segment, from 1
 * @param offset bytes from the start of its file
 */
public record Position(long segment, long offset) implements Comparable<Position> {
    public static final Position START = new Position(1, 0);

    @Override
    public int compareTo(Position other) {
        int bySegment = Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return Segments.fileName(segment) + " at byte " + offset;
    }
}
