package dev.tollgate.audit.payload;

import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What the log says of a payload: {@code SHA-256("tollgate-payload-v1" 00 salt SHA-256(payload))} in lower-case hex. With the salt, which lies
 * with the payload, anybody can check it; without it nobody can find out whether a guess is right. Safe on any thread.
 */
public final class Commitment {
    /** Bytes of a salt. */
    public static final int SALT_BYTES = 16;

    private static final byte[] DOMAIN = "tollgate-payload-v1\0".getBytes(StandardCharsets.US_ASCII);

    private Commitment() {}

    /**
     * @param salt {@value #SALT_BYTES} random bytes of this payload alone
     * @param hash SHA-256 of the payload
     */
    public static String of(byte[] salt, byte[] hash) {
        byte[] all = new byte[DOMAIN.length + salt.length + hash.length];
        System.arraycopy(DOMAIN, 0, all, 0, DOMAIN.length);
        System.arraycopy(salt, 0, all, DOMAIN.length, salt.length);
        System.arraycopy(hash, 0, all, DOMAIN.length + salt.length, hash.length);
        return Sha256.hexOf(all);
    }

    /** Whether a payload is the one that a record commits to. */
    public static boolean holds(String commitment, byte[] salt, byte[] payload) {
        byte[] expected = HexFormat.of().parseHex(of(salt, Sha256.of(payload)));
        byte[] given;
        try {
            given = HexFormat.of().parseHex(commitment);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
        return MessageDigest.isEqual(expected, given);
    }
}
