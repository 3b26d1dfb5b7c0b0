package dev.tollgate.approval;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a row of texts and byte ranges that cannot be read as another row. For one thread, and used once. */
final class FieldDigest {
    /** Where an object or array begins that is not added as a whole, and where it ends: no length of anything. */
    private static final int BEGIN_OBJECT = -1;

    private static final int BEGIN_ARRAY = -2;
    private static final int END = -3;

    private final MessageDigest digest;

    FieldDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    /** The length in front keeps two neighbours from being read as two others. */
    void add(byte[] bytes, int start, int end) {
        mark(end - start);
        digest.update(bytes, start, end - start);
    }

    void beginObject() {
        mark(BEGIN_OBJECT);
    }

    void beginArray() {
        mark(BEGIN_ARRAY);
    }

    void end() {
        mark(END);
    }

    byte[] bytes() {
        return digest.digest();
    }

    /** In lower case. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void mark(int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
