package dev.tollgate.detect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells text from binary data. */
final class ReadableBytes {
    private ReadableBytes() {}

    /** How many bytes of a character in UTF-8 must follow behind this one; -1 if it can be no part of a text. */
    static int expectedBehind(int b, int expected) {
        if (expected > 0) {
            return (b & 0xC0) == 0x80 ? expected - 1 : -1;
        }
        if (!mayBegin(b)) {
            return -1;
        }
        return b < 0xC0 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    }

    private static boolean mayBegin(int b) {
        return b < 0x80 ? (b >= ' ' && b != 0x7f) || b == '\n' || b == '\r' || b == '\t' : b >= 0xC2 && b <= 0xF4;
    }

    /**
     * What the bytes say in UTF-8; empty if they are no text.
     *
     * @param cut whether the last character may be incomplete
     */
    static Optional<String> text(byte[] bytes, boolean cut) {
        final int length = cut ? wholeCharacters(bytes) : bytes.length;
        for (int i = 0; i < length; i++) {
            final byte b = bytes[i];
            if ((b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') || b == 0x7f) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Length without a character that is cut in the middle at the end: that is no sign of binary data. */
    private static int wholeCharacters(byte[] bytes) {
        for (int back = 1; back <= Math.min(4, bytes.length); back++) {
            final int b = bytes[bytes.length - back] & 0xFF;
            if ((b & 0xC0) != 0x80) {
                final int needed = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
                return needed > back ? bytes.length - back : bytes.length;
            }
        }
        return bytes.length;
    }
}
