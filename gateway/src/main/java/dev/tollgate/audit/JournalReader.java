package dev.tollgate.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal in the order in which it was written, across segments, with bounded memory: one buffer of at most the largest record. A
 * journal may be written while it is read; {@link Step.End} then means "for now". Not safe for use by several threads at once.
 */
public final class JournalReader implements AutoCloseable {
    private static final int ONE_RECORD = 4096;

    private final Path folder;
    private Position next;
    private @Nullable SegmentReader segment;
    /** Whether a later segment was seen before the current one was read to its end: only then is that end final. */
    private boolean complete;

    private JournalReader(Path folder, Position from) {
        this.folder = folder;
        this.next = from;
    }

    /** What comes next. */
    public sealed interface Step {
        record Intact(JournalEntry entry) implements Step {}

        /** Something there is no record, or a segment is missing; reading can go on behind it. */
        record Damaged(Position at, String what) implements Step {}

        /**
         * The last segment ends in something that is no record: a write was interrupted, or is going on.
         *
         * @param bytes from there to the end of the file
         */
        record Torn(Position at, String what, long bytes) implements Step {}

        record End(Position at) implements Step {}
    }

    /**
     * @param folder the journal's folder
     * @param from {@link Position#START} for its beginning, which is behind what its own policy dropped, or the end of a record
     */
    public static JournalReader open(Path folder, Position from) {
        return new JournalReader(folder, from);
    }

    /**
     * Reads the one record that begins at a position.
     *
     * @throws IOException if none does
     */
    public static JournalEntry entryAt(Path folder, Position at) throws IOException {
        try (SegmentReader segment = new SegmentReader(folder, at, ONE_RECORD)) {
            if (segment.next() instanceof SegmentReader.Step.Intact(JournalEntry entry)) {
                return entry;
            }
            throw new IOException("no record begins in " + at);
        }
    }

    public Step next() throws IOException {
        while (true) {
            SegmentReader current = segment;
            if (current == null) {
                Step missing = openSegment();
                if (missing != null) {
                    return missing;
                }
                continue;
            }
            switch (current.next()) {
                case SegmentReader.Step.Intact(JournalEntry entry) -> {
                    return new Step.Intact(entry);
                }
                case SegmentReader.Step.Damaged(Position at, String what, long resume) -> {
                    return new Step.Damaged(at, what);
                }
                case SegmentReader.Step.Torn torn -> {
                    if (complete) {
                        leaveSegment(current);
                        return new Step.Damaged(torn.at(), torn.what());
                    }
                    if (!seesLaterSegment(current)) {
                        return new Step.Torn(torn.at(), torn.what(), torn.bytes());
                    }
                }
                case SegmentReader.Step.End(Position at) -> {
                    if (complete) {
                        leaveSegment(current);
                    } else if (!seesLaterSegment(current)) {
                        return new Step.End(at);
                    }
                }
            }
        }
    }

    /** Opens the segment of the next position; where it is missing, says so and moves to the one that follows. */
    private @Nullable Step openSegment() throws IOException {
        List<Long> numbers = Segments.list(folder);
        if (numbers.contains(next.segment())) {
            segment = new SegmentReader(folder, next);
            complete = false;
            return null;
        }
        Position missing = next;
        if (missing.equals(Position.START) && !numbers.isEmpty() && Segments.isBegin(folder, numbers.getFirst())) {
            next = new Position(numbers.getFirst(), 0);
            return null;
        }
        for (long number : numbers) {
            if (number > missing.segment()) {
                next = new Position(number, 0);
                return new Step.Damaged(missing, "the segment is missing");
            }
        }
        return new Step.End(missing);
    }

    private boolean seesLaterSegment(SegmentReader current) throws IOException {
        current.refresh();
        complete = Segments.list(folder).stream()
                .anyMatch(number -> number > current.here().segment());
        return complete;
    }

    private void leaveSegment(SegmentReader current) throws IOException {
        next = new Position(current.here().segment() + 1, 0);
        segment = null;
        current.close();
    }

    @Override
    public void close() throws IOException {
        if (segment != null) {
            segment.close();
        }
    }
}
