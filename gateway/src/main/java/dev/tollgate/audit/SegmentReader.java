package dev.tollgate.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads the records of one segment file in order, with a buffer that grows to the largest record and no further. Never trusts a length that
 * the file tells: where a frame is not right, it looks for the next one that is.
 */
final class SegmentReader implements AutoCloseable {
    private static final int USUAL_BUFFER = 128 * 1024;
    private static final long NOT_FOUND = -1;

    private final long segment;
    private final FileChannel channel;
    private byte[] buffer;
    private int start;
    private int end;
    /** Offset in the file of the byte at {@code start}. */
    private long offset;

    SegmentReader(Path folder, Position from) throws IOException {
        this(folder, from, USUAL_BUFFER);
    }

    /**
     * @param bufferBytes how much is read at once
     */
    SegmentReader(Path folder, Position from, int bufferBytes) throws IOException {
        this.buffer = new byte[bufferBytes];
        this.segment = from.segment();
        this.offset = from.offset();
        this.channel = FileChannel.open(Segments.file(folder, segment), StandardOpenOption.READ);
    }

    /** What is at the current place. */
    sealed interface Step {
        record Intact(JournalEntry entry) implements Step {}

        /**
         * Something that is no record, with intact records behind it.
         *
         * @param resume offset of the next intact record
         */
        record Damaged(Position at, String what, long resume) implements Step {}

        /**
         * Something that is no record, with nothing intact behind it: an interrupted write, or damage to the last records.
         *
         * @param bytes from here to the end of the file
         */
        record Torn(Position at, String what, long bytes) implements Step {}

        /** The file ends, or nothing but zeros follows. */
        record End(Position at) implements Step {}
    }

    /** Reads one step and moves behind it; at {@code Torn} and {@code End} it stays, so that a growing file can be read on. */
    Step next() throws IOException {
        if (offset == 0) {
            if (available(Frame.MAGIC.length) < Frame.MAGIC.length) {
                return end == start ? new Step.End(here()) : bad("the first bytes of the segment are cut off");
            }
            if (!Arrays.equals(buffer, start, start + Frame.MAGIC.length, Frame.MAGIC, 0, Frame.MAGIC.length)) {
                return bad("it does not begin like a segment of a journal");
            }
            skip(Frame.MAGIC.length);
        }
        if (available(Frame.HEADER) == 0) {
            return new Step.End(here());
        }
        if (isZero(start, Math.min(end, start + Frame.HEADER))) {
            if (isZeroToTheEnd()) {
                return new Step.End(here());
            }
            // Written while we looked? Then a record begins here by now.
            refresh();
            if (available(Frame.HEADER) > 0 && isZero(start, Math.min(end, start + Frame.HEADER))) {
                return hole();
            }
            return next();
        }
        if (end - start < Frame.HEADER) {
            return bad("a record is cut off");
        }
        int length = Frame.jsonLength(buffer, start, end);
        if (length < 0) {
            return bad("no record begins here");
        }
        if (available(Frame.HEADER + length) < Frame.HEADER + length) {
            return bad("a record is cut off");
        }
        return Frame.isIntact(buffer, start, end) ? intact(length) : bad("the CRC of a record does not match");
    }

    /** Among the zeros that were written ahead stands something: never what a process leaves that was killed while it wrote. */
    private Step hole() throws IOException {
        Position at = here();
        long resume = findIntact();
        seek(resume == NOT_FOUND ? channel.size() : resume);
        return new Step.Damaged(at, "zeros stand where a record should begin, and something behind them", offset);
    }

    /** Zeros behind the records were written ahead for those to come. */
    private boolean isZeroToTheEnd() throws IOException {
        long from = offset;
        boolean zero = true;
        while (zero && available(1) > 0) {
            zero = isZero(start, end);
            skip(end - start);
        }
        seek(from);
        return zero;
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private Step intact(int length) {
        byte[] hash = Frame.hash(buffer, start);
        byte[] json = Arrays.copyOfRange(buffer, start + Frame.HEADER, start + Frame.HEADER + length);
        Position at = here();
        skip(Frame.HEADER + length);
        Envelope envelope = Envelope.read(json);
        return envelope == null
                ? new Step.Damaged(at, "a record does not begin with its place in the chain", offset)
                : new Step.Intact(new JournalEntry(at, envelope, hash, json));
    }

    private Step bad(String what) throws IOException {
        Position at = here();
        long resume = findIntact();
        if (resume == NOT_FOUND) {
            long bytes = channel.size() - at.offset();
            seek(at.offset());
            return new Step.Torn(at, what, bytes);
        }
        seek(resume);
        return new Step.Damaged(at, what, resume);
    }

    /** Offset of the first intact frame behind the current place. */
    private long findIntact() throws IOException {
        while (available(USUAL_BUFFER) > Frame.HEADER) {
            int last = end - Frame.HEADER;
            for (int at = start + 1; at < last; at++) {
                if (Envelope.startsAt(buffer, at + Frame.HEADER) && Frame.jsonLength(buffer, at, end) >= 0) {
                    skip(at - start);
                    if (available(Frame.HEADER + Frame.MAX_JSON) > 0 && Frame.isIntact(buffer, start, end)) {
                        return offset;
                    }
                    at = start;
                    last = end - Frame.HEADER;
                }
            }
            // The start of a record may lie across the end of the buffer.
            int kept = Frame.HEADER + Envelope.MAX_LENGTH;
            if (end - start <= kept) {
                return NOT_FOUND;
            }
            skip(end - start - kept);
            if (available(2 * kept) <= kept) {
                return NOT_FOUND;
            }
        }
        return NOT_FOUND;
    }

    /** Makes {@code wanted} bytes available behind {@code start} if the file has them; answers how many there are. */
    private int available(int wanted) throws IOException {
        if (end - start >= wanted) {
            return end - start;
        }
        if (buffer.length < wanted) {
            buffer = Arrays.copyOf(buffer, wanted);
        }
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        ByteBuffer rest = ByteBuffer.wrap(buffer, end, buffer.length - end);
        while (end < wanted) {
            int read = channel.read(rest, offset + end);
            if (read <= 0) {
                break;
            }
            end += read;
        }
        return end;
    }

    private void skip(int bytes) {
        start += bytes;
        offset += bytes;
    }

    private void seek(long to) {
        offset = to;
        start = 0;
        end = 0;
    }

    /** Forgets what was read ahead: the file may have been written to since. */
    void refresh() {
        seek(offset);
    }

    Position here() {
        return new Position(segment, offset);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
