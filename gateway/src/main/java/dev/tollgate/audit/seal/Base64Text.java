package dev.tollgate.audit.seal;

import java.util.Base64;

/**
 * Bytes in base64, each sequence of bytes in one way only. Decoders commonly pass over the bits that are left in the last character: a changed
 * signature could then be read as the same one.
 */
public final class Base64Text {
    private Base64Text() {}

    public static String of(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * @throws IllegalArgumentException if it is not what {@link #of} makes of the bytes
     */
    public static byte[] decode(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (!of(bytes).equals(text)) {
            throw new IllegalArgumentException("base64 that is not written in its one way");
        }
        return bytes;
    }
}
