package dev.tollgate.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Cuts a JSON array that grows (Gemini API reference, "streamGenerateContent" without {@code alt=sse}) into its elements. Each goes with
 * what stands before it, the bracket or comma included; the bracket that closes the array is kept until the stream ends, so that another
 * element can be put before it. What is no array is handed over as it comes.
 *
 * <pre>
 *   BETWEEN ──{ or [──▶ ELEMENT ──its end──▶ event ──▶ BETWEEN
 *                          └──more than maxElementBytes──▶ OVERSIZED: pieces ──its end──▶ BETWEEN
 * </pre>
 */
public final class JsonArrayReader implements StreamReader {
    private final int maxElementBytes;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private int elementStart = -1;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean oversized;

    /** @param maxElementBytes largest element that is read, in bytes; a larger one is passed on in pieces */
    public JsonArrayReader(int maxElementBytes) {
        this.maxElementBytes = maxElementBytes;
    }

    @Override
    public void feed(byte[] chunk, int offset, int length, Sink sink) {
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end; i++) {
            byte b = chunk[i];
            if (inString) {
                inString = escaped || b != '"';
                escaped = !escaped && b == '\\';
            } else if (b == '"') {
                inString = true;
            } else if (b == '{' || b == '[') {
                if (depth == 1) {
                    elementStart = pending.size() + i - from;
                }
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
                if (depth == 1) {
                    pending.write(chunk, from, i + 1 - from);
                    from = i + 1;
                    emit(sink);
                }
            }
        }
        pending.write(chunk, from, end - from);
        if (oversized || pending.size() > maxElementBytes) {
            oversized |= depth > 1;
            sink.piece(taken());
        }
    }

    @Override
    public void finish(Sink sink) {
        if (pending.size() > 0) {
            sink.event(taken(), null, null);
        }
    }

    /** An element stands at the end of its bytes. */
    @Override
    public byte[] with(byte[] raw, byte[] data, byte[] changed) {
        byte[] with = Arrays.copyOf(raw, raw.length - data.length + changed.length);
        System.arraycopy(changed, 0, with, raw.length - data.length, changed.length);
        return with;
    }

    private void emit(Sink sink) {
        int start = elementStart;
        byte[] raw = taken();
        if (oversized || raw.length > maxElementBytes || start < 0) {
            oversized = false;
            sink.piece(raw);
        } else {
            sink.event(raw, null, Arrays.copyOfRange(raw, start, raw.length));
        }
    }

    private byte[] taken() {
        byte[] raw = pending.toByteArray();
        pending.reset();
        elementStart = -1;
        return raw;
    }
}
