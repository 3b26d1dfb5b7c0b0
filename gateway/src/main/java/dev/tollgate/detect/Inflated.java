package dev.tollgate.detect;

import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** What compressed bytes say (RFC 1950, RFC 1952), up to a limit: the rest is left away, as a tail that no program would get to. */
final class Inflated {
    /** How much longer than its compressed form a text may be, so that compression cannot multiply the work. */
    private static final int MOST_RATIO = 32;

    private static final int FREE_BYTES = 4096;
    /** How gzip and zlib begin when written in base64. */
    private static final String[] BEGINNINGS = {"H4sI", "eJw", "eJx", "eJy", "eJz", "eNp", "eNo", "eAE"};

    private static final int GZIP_HEAD = 10;

    private Inflated() {}

    /** A cheap look at base64. */
    static boolean mayBegin(String base64, int from) {
        for (String beginning : BEGINNINGS) {
            if (base64.startsWith(beginning, from)) {
                return true;
            }
        }
        return false;
    }

    /** @return null if it cannot be inflated, or is no text */
    static @Nullable String text(byte[] bytes) {
        final boolean isGzip = bytes.length > GZIP_HEAD && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
        final int from = isGzip ? behindHead(bytes) : 0;
        final Inflater inflater = new Inflater(isGzip);
        try {
            inflater.setInput(bytes, from, bytes.length - from);
            final byte[] plain = new byte[FREE_BYTES + Math.multiplyExact(MOST_RATIO, bytes.length)];
            int length = 0;
            for (int read = 1; read > 0 && length < plain.length; length += read) {
                read = inflater.inflate(plain, length, plain.length - length);
            }
            return length == 0 ? null : new String(plain, 0, length, StandardCharsets.UTF_8);
        } catch (DataFormatException | ArithmeticException e) {
            return null;
        } finally {
            inflater.end();
        }
    }

    /** RFC 1952 §2.3: optional fields stand behind the first ten bytes. */
    private static int behindHead(byte[] bytes) {
        final int flags = bytes[3];
        int at = GZIP_HEAD;
        if ((flags & 4) != 0 && at + 2 <= bytes.length) {
            at += 2 + (bytes[at] & 0xFF) + ((bytes[at + 1] & 0xFF) << 8);
        }
        for (int field = 8; field <= 16; field <<= 1) {
            if ((flags & field) != 0) {
                while (at < bytes.length && bytes[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        at += (flags & 2) != 0 ? 2 : 0;
        return Math.min(at, bytes.length);
    }
}
