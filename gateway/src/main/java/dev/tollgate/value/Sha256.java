package dev.tollgate.value;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4) without looking its implementation up each time, which costs as much as hashing a kilobyte. Safe on any thread. */
public final class Sha256 {
    private static final HexFormat HEX = HexFormat.of();
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::digest);

    private Sha256() {}

    /** The 32 bytes of the hash. */
    public static byte[] of(byte[] bytes) {
        return DIGEST.get().digest(bytes);
    }

    /** The hash in lower-case hex, 64 digits. */
    public static String hexOf(byte[] bytes) {
        return HEX.formatHex(of(bytes));
    }

    /** The calling thread's own digest, empty, for pieces that are at hand: to be finished before anybody else on the thread hashes. */
    public static MessageDigest here() {
        MessageDigest digest = DIGEST.get();
        digest.reset();
        return digest;
    }

    /** A digest for what comes in pieces over time. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
