package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Writes JSON in the one form that records are hashed in: no blanks, members in the order of the calls, whole numbers as they are, text as
 * UTF-8 with {@code "}, {@code \} and control characters escaped, and characters outside the basic plane, and halves of such, as
 * {@code \}{@code uXXXX}, so that every text comes back as it was. Grows as needed. Not safe for use by several threads at once.
 */
final class CanonicalJson {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
    /** The longest a character gets: {@code \}{@code uXXXX}. */
    private static final int MAX_ESCAPE = 6;
    /** What a buffer may have grown to and still be kept for the next text. */
    private static final int MAX_KEPT = 64 * 1024;

    private final int usualLength;
    private byte[] bytes;
    private int end;
    /** Whether the next member or element is the first of its object or array. */
    private boolean first = true;

    CanonicalJson(int usualLength) {
        this.usualLength = usualLength;
        this.bytes = new byte[usualLength];
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, end);
    }

    /** Begins another text in place of the one before. */
    @CanIgnoreReturnValue
    CanonicalJson restart() {
        if (bytes.length > MAX_KEPT) {
            bytes = new byte[usualLength];
        }
        end = 0;
        first = true;
        return this;
    }

    /** An element of an array, or the whole. */
    @CanIgnoreReturnValue
    CanonicalJson beginObject() {
        separate();
        open('{');
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson beginObject(String name) {
        name(name);
        open('{');
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson endObject() {
        close('}');
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson beginArray(String name) {
        name(name);
        open('[');
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson endArray() {
        close(']');
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson text(String name, String value) {
        name(name);
        quoted(value);
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson number(String name, long value) {
        name(name);
        if (value < 0) {
            ascii(Long.toString(value));
        } else {
            digits(value);
        }
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson number(String name, double value) {
        name(name);
        ascii(Double.toString(value));
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson moment(String name, Instant value) {
        name(name);
        reserve(Moments.MAX_LENGTH + 2);
        int after = Moments.write(value, bytes, end + 1);
        if (after < 0) {
            quoted(value.toString());
        } else {
            bytes[end] = '"';
            bytes[after] = '"';
            end = after + 1;
        }
        return this;
    }

    @CanIgnoreReturnValue
    CanonicalJson texts(String name, List<String> values) {
        beginArray(name);
        for (int i = 0; i < values.size(); i++) {
            separate();
            quoted(values.get(i));
        }
        return endArray();
    }

    @CanIgnoreReturnValue
    CanonicalJson nothing(String name) {
        name(name);
        ascii("null");
        return this;
    }

    private void open(char bracket) {
        reserve(1);
        bytes[end++] = (byte) bracket;
        first = true;
    }

    private void close(char bracket) {
        reserve(1);
        bytes[end++] = (byte) bracket;
        first = false;
    }

    private void name(String name) {
        separate();
        quoted(name);
        reserve(1);
        bytes[end++] = ':';
    }

    private void separate() {
        reserve(1);
        if (!first) {
            bytes[end++] = ',';
        }
        first = false;
    }

    /** A number that is not negative, as most are. */
    private void digits(long value) {
        int count = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            count++;
        }
        reserve(count);
        long rest = value;
        for (int i = end + count - 1; i >= end; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        end += count;
    }

    private void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[end++] = (byte) text.charAt(i);
        }
    }

    private void quoted(String text) {
        reserve(text.length() * MAX_ESCAPE + 2);
        byte[] to = bytes;
        int at = end;
        to[at++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
                to[at++] = (byte) c;
            } else {
                at = unusual(to, at, c);
            }
        }
        to[at++] = '"';
        end = at;
    }

    private static int unusual(byte[] to, int start, char c) {
        int at = start;
        switch (c) {
            case '"', '\\' -> at = escaped(to, at, c);
            case '\b' -> at = escaped(to, at, 'b');
            case '\t' -> at = escaped(to, at, 't');
            case '\n' -> at = escaped(to, at, 'n');
            case '\f' -> at = escaped(to, at, 'f');
            case '\r' -> at = escaped(to, at, 'r');
            default -> {
                if (c < ' ' || Character.isSurrogate(c)) {
                    at = escaped(to, at, 'u');
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        to[at++] = HEX[(c >> shift) & 0xF];
                    }
                } else {
                    at = utf8(to, at, c);
                }
            }
        }
        return at;
    }

    private static int escaped(byte[] to, int at, char c) {
        to[at] = '\\';
        to[at + 1] = (byte) c;
        return at + 2;
    }

    private static int utf8(byte[] to, int start, char c) {
        int at = start;
        if (c < 0x80) {
            to[at++] = (byte) c;
        } else if (c < 0x800) {
            to[at++] = (byte) (0xC0 | (c >> 6));
            to[at++] = (byte) (0x80 | (c & 0x3F));
        } else {
            to[at++] = (byte) (0xE0 | (c >> 12));
            to[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            to[at++] = (byte) (0x80 | (c & 0x3F));
        }
        return at;
    }

    private void reserve(int more) {
        if (bytes.length - end < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + more));
        }
    }
}
