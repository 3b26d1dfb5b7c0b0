package dev.tollgate.wire;

import java.util.Arrays;

/**
 * Cuts a server-sent stream (WHATWG HTML, "Server-sent events") into its events, keeping the exact bytes of each: whatever is handed to
 * the sink, put together again, is the stream. Takes chunks of any size with LF, CRLF or CR endings. Each byte is looked at once.
 * Not thread-safe.
 *
 * <pre>
 *   READING ──blank line──▶ event ──▶ READING
 *      └──more than maxEventBytes──▶ OVERSIZED: pieces as they come ──blank line──▶ READING
 * </pre>
 */
public final class SseReader implements StreamReader {
    private static final byte[] EMPTY = {};

    private final int maxEventBytes;
    private final SseFields fields = new SseFields();
    private byte[] pending = EMPTY;
    private int pendingLength;
    private int lineLength;
    private boolean afterCr;
    private boolean awaitsLf;
    private boolean sawCrLf;
    private boolean oversized;

    /**
     * @param maxEventBytes largest event that is read, in bytes; a larger one is passed on in pieces
     */
    public SseReader(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    @Override
    public void feed(byte[] chunk, int offset, int length, Sink sink) {
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end; i++) {
            if (!afterCr) {
                int ending = SseFields.lineEnd(chunk, i, end);
                lineLength += ending - i;
                i = ending;
                if (i == end) {
                    break;
                }
            }
            int cut = cut(chunk[i], i);
            if (cut >= 0) {
                emit(chunk, from, cut, sink);
                from = cut;
            }
        }
        if (awaitsLf && !sawCrLf) {
            // The blank line ended in a lone CR and this stream was not seen to send CRLF: waiting would hold the event
            // back.
            awaitsLf = false;
            emit(chunk, from, end, sink);
            from = end;
        }
        keep(chunk, from, end, sink);
    }

    /** What is left is handed over as an event, although its blank line is missing. */
    @Override
    public void finish(Sink sink) {
        awaitsLf = false;
        if (pendingLength > 0) {
            emit(EMPTY, 0, 0, sink);
        }
    }

    @Override
    public byte[] with(byte[] raw, byte[] data, byte[] changed) {
        return SseFields.withData(raw, changed);
    }

    /** Takes a byte that ends a line or follows a CR; returns where an event ends, or -1. */
    private int cut(byte b, int at) {
        boolean ended = awaitsLf;
        awaitsLf = false;
        if (afterCr && b == '\n') {
            afterCr = false;
            sawCrLf = true;
            return ended ? at + 1 : -1;
        }
        int before = ended ? at : -1;
        afterCr = b == '\r';
        if (b != '\n' && b != '\r') {
            lineLength = 1;
            return before;
        }
        boolean blank = lineLength == 0;
        lineLength = 0;
        if (blank && afterCr) {
            awaitsLf = true;
        }
        return blank && !afterCr ? at + 1 : before;
    }

    private void emit(byte[] chunk, int from, int to, Sink sink) {
        byte[] raw = joined(chunk, from, to);
        pendingLength = 0;
        if (oversized || raw.length > maxEventBytes) {
            oversized = false;
            sink.piece(raw);
            return;
        }
        fields.read(raw);
        sink.event(raw, fields.name(), fields.data());
    }

    private byte[] joined(byte[] chunk, int from, int to) {
        if (pendingLength == 0) {
            return Arrays.copyOfRange(chunk, from, to);
        }
        byte[] raw = Arrays.copyOf(pending, pendingLength + to - from);
        System.arraycopy(chunk, from, raw, pendingLength, to - from);
        return raw;
    }

    private void keep(byte[] chunk, int from, int end, Sink sink) {
        int rest = end - from;
        if (rest == 0) {
            return;
        }
        if (oversized || pendingLength + rest > maxEventBytes) {
            oversized = true;
            sink.piece(joined(chunk, from, end));
            pendingLength = 0;
            pending = EMPTY;
            return;
        }
        if (pending.length < pendingLength + rest) {
            pending = Arrays.copyOf(pending, Math.max(pendingLength + rest, 2 * pending.length));
        }
        System.arraycopy(chunk, from, pending, pendingLength, rest);
        pendingLength += rest;
    }
}
