package dev.tollgate.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads name and data out of the lines of one event. Used again for the next event, since streams repeat few names. */
final class SseFields {
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private boolean first = true;
    private @Nullable String name;
    private byte @Nullable [] data;
    private int dataLength;
    private byte[] lastNameBytes = {};
    private String lastName = "";

    @Nullable
    String name() {
        return name;
    }

    byte @Nullable [] data() {
        byte[] all = data;
        return all == null || all.length == dataLength ? all : Arrays.copyOf(all, dataLength);
    }

    void read(byte[] raw) {
        name = null;
        data = null;
        dataLength = 0;
        int at = first && startsWithByteOrderMark(raw) ? 3 : 0;
        first = false;
        while (at < raw.length) {
            int end = lineEnd(raw, at, raw.length);
            line(raw, at, end);
            at = end + 1;
        }
    }

    /** An event with other data in the place of its own: all other lines stay, and so does how lines end. */
    static byte[] withData(byte[] raw, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + data.length);
        int at = startsWithByteOrderMark(raw) ? 3 : 0;
        out.write(raw, 0, at);
        boolean isWritten = false;
        while (at < raw.length) {
            int end = lineEnd(raw, at, raw.length);
            int next = Math.min(raw.length, end + (isCrLf(raw, end) ? 2 : 1));
            if (!isField(raw, at, end, DATA)) {
                out.write(raw, at, next - at);
            } else if (!isWritten) {
                isWritten = true;
                lines(out, raw, at, end, next, data);
            }
            at = next;
        }
        return out.toByteArray();
    }

    private static boolean isCrLf(byte[] raw, int end) {
        return end + 1 < raw.length && raw[end] == '\r' && raw[end + 1] == '\n';
    }

    /** As many lines as the data has, each with the field's name and ending as they were. */
    private static void lines(ByteArrayOutputStream out, byte[] raw, int start, int end, int next, byte[] data) {
        int name = valueStart(raw, start + DATA.length, end) - start;
        int from = 0;
        while (from <= data.length) {
            int to = lineEnd(data, from, data.length);
            out.write(raw, start, name);
            out.write(data, from, to - from);
            out.write(raw, end, next - end);
            from = to + 1;
        }
    }

    /** Offset of the next CR or LF, or the limit. CRLF is two ends with an empty line between, which changes nothing here. */
    static int lineEnd(byte[] bytes, int from, int limit) {
        int i = from;
        while (i < limit && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    private void line(byte[] raw, int start, int end) {
        if (isField(raw, start, end, DATA)) {
            addData(raw, valueStart(raw, start + DATA.length, end), end);
        } else if (isField(raw, start, end, EVENT)) {
            setName(raw, valueStart(raw, start + EVENT.length, end), end);
        }
    }

    private static boolean isField(byte[] raw, int start, int end, byte[] field) {
        int after = start + field.length;
        return after <= end
                && (after == end || raw[after] == ':')
                && Arrays.equals(raw, start, after, field, 0, field.length);
    }

    private static int valueStart(byte[] raw, int colon, int end) {
        if (colon >= end) {
            return end;
        }
        int value = colon + 1;
        return value < end && raw[value] == ' ' ? value + 1 : value;
    }

    private void addData(byte[] raw, int start, int end) {
        int size = end - start;
        byte[] before = data;
        if (before == null) {
            data = Arrays.copyOfRange(raw, start, end);
            dataLength = size;
            return;
        }
        // The lines of an event cannot be longer together than the event: one buffer of that size holds them all.
        byte[] buffer = before.length == raw.length ? before : Arrays.copyOf(before, raw.length);
        buffer[dataLength] = '\n';
        System.arraycopy(raw, start, buffer, dataLength + 1, size);
        dataLength += 1 + size;
        data = buffer;
    }

    private void setName(byte[] raw, int start, int end) {
        if (!Arrays.equals(raw, start, end, lastNameBytes, 0, lastNameBytes.length)) {
            lastNameBytes = Arrays.copyOfRange(raw, start, end);
            lastName = new String(lastNameBytes, StandardCharsets.UTF_8);
        }
        name = lastName.isEmpty() ? null : lastName;
    }

    private static boolean startsWithByteOrderMark(byte[] raw) {
        return raw.length >= 3 && raw[0] == (byte) 0xEF && raw[1] == (byte) 0xBB && raw[2] == (byte) 0xBF;
    }
}
