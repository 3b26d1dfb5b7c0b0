package dev.tollgate.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash that links records: SHA-256 over a zero byte and the record's bytes, which is the leaf hash of RFC 6962 §2.1, so that the same
 * hashes can be leaves of a Merkle tree. Not safe for use by several threads at once.
 */
final class RecordHash {
    static final int LENGTH = 32;
    /** What the first record of a journal links to: 64 zeros. */
    static final String NONE = "0".repeat(2 * LENGTH);

    private static final byte LEAF = 0;
    private static final HexFormat HEX = HexFormat.of();

    private final MessageDigest digest;

    RecordHash() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    byte[] of(byte[] bytes, int from, int length) {
        digest.update(LEAF);
        digest.update(bytes, from, length);
        return digest.digest();
    }

    static String hex(byte[] hash) {
        return HEX.formatHex(hash);
    }
}
