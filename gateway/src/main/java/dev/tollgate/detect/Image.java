package dev.tollgate.detect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A text with one byte for each of its characters, for searches that read all of it: ASCII as it is, any other character as a number from -128
 * to -1 that its upper and lower case share. Different characters may look alike here, so what is found is looked up in the text.
 */
final class Image {
    /** Bytes of no meaning before and behind the characters, so that some may be read at once at either end. */
    static final int MARGIN = 8;
    /** Set where one of four bytes stands for a character beyond ASCII. */
    static final int FOUR_SIGNS = 0x80808080;
    /** Set where one of eight bytes stands for a character beyond ASCII. */
    static final long EIGHT_SIGNS = 0x8080808080808080L;

    /** The number one eight times. */
    static final long ONES = 0x0101010101010101L;

    /** Brings the signs of eight bytes, multiplied by it, together in the last byte. */
    private static final long GATHER = 0x0002_0408_1020_4081L;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** So few that most pieces of a text are plain ASCII, which is copied faster. */
    private static final int PIECE = 256;
    /** Of a piece that is not: most parts of it are. */
    private static final int PART = 64;

    private static final byte[] BYTES = bytesOfCharacters();

    private final byte[] bytes;
    private final int length;
    private final boolean isAscii;

    private Image(byte[] bytes, int length, boolean isAscii) {
        this.bytes = bytes;
        this.length = length;
        this.isAscii = isAscii;
    }

    /** @param bytes of an image whose text has {@code length} characters, and maybe more behind them */
    static Image of(byte[] bytes, int length, boolean isAscii) {
        return new Image(Arrays.copyOf(bytes, length + 2 * MARGIN), length, isAscii);
    }

    static Image of(String text) {
        final int length = text.length();
        final byte[] bytes = new byte[length + 2 * MARGIN];
        final char[] piece = new char[Math.min(PIECE, length)];
        int all = 0;
        for (int from = 0; from < length; from += PIECE) {
            final int count = Math.min(PIECE, length - from);
            text.getChars(from, from + count, piece, 0);
            all |= copy(piece, count, bytes, MARGIN + from);
        }
        return new Image(bytes, length, all < 0x80);
    }

    /** @return the bits of all characters */
    private static int copy(char[] piece, int count, byte[] bytes, int to) {
        final int all = bits(piece, 0, count);
        if (all < 0x80) {
            copyAscii(piece, 0, count, bytes, to);
        } else {
            for (int from = 0; from < count; from += PART) {
                final int end = Math.min(count, from + PART);
                if (bits(piece, from, end) < 0x80) {
                    copyAscii(piece, from, end, bytes, to);
                } else {
                    for (int i = from; i < end; i++) {
                        bytes[to + i] = BYTES[piece[i]];
                    }
                }
            }
        }
        return all;
    }

    private static int bits(char[] piece, int from, int end) {
        int all = 0;
        for (int i = from; i < end; i++) {
            all |= piece[i];
        }
        return all;
    }

    private static void copyAscii(char[] piece, int from, int end, byte[] bytes, int to) {
        for (int i = from; i < end; i++) {
            bytes[to + i] = (byte) piece[i];
        }
    }

    private static byte[] bytesOfCharacters() {
        final byte[] bytes = new byte[1 << Character.SIZE];
        for (int c = 0; c < bytes.length; c++) {
            final int low = Character.toLowerCase((char) c);
            bytes[c] = (byte) (c < 0x80 ? c : 0x80 | ((low * 0x9E37) >>> 7));
        }
        return bytes;
    }

    /** What the character looks like here. */
    static byte of(char c) {
        return BYTES[c];
    }

    int length() {
        return length;
    }

    boolean isAscii() {
        return isAscii;
    }

    /** The bytes, that of the first character at {@link #MARGIN}. Not to be written to. */
    byte[] bytes() {
        return bytes;
    }

    /** Four bytes, the first one lowest. */
    static int four(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    /** Eight bytes, the first one lowest. */
    static long eight(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** A bit for each of eight bytes, the first one lowest: whether it is a digit. */
    static long digits(long eight) {
        final long beside = eight ^ (ONES * '0');
        final long others = ((beside & ~EIGHT_SIGNS) + ONES * (0x80 - 10)) | beside;
        return ((~others & EIGHT_SIGNS) * GATHER) >>> (Long.SIZE - Byte.SIZE);
    }

    /** Whether one of eight bytes is less than an ASCII character, or stands for a character beyond ASCII. */
    static boolean hasBelowOrSign(long eight, char least) {
        // A byte that is less borrows from the next: which of them it was cannot be told then, but that there is one.
        return (((eight - ONES * least) | eight) & EIGHT_SIGNS) != 0;
    }
}
