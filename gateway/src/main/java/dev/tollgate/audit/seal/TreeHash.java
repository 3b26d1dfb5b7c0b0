package dev.tollgate.audit.seal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of a Merkle tree but for those of its leaves, RFC 6962 §2.1. Not safe for use by several threads at once. */
public final class TreeHash {
    public static final int LENGTH = 32;
    private static final byte NODE = 1;

    private final MessageDigest digest;

    public TreeHash() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    /** The hash of a node with these two below it. */
    public byte[] node(byte[] left, byte[] right) {
        digest.update(NODE);
        digest.update(left, 0, LENGTH);
        digest.update(right, 0, LENGTH);
        return digest.digest();
    }

    /** The root of a tree without leaves. */
    public byte[] empty() {
        return digest.digest();
    }

    byte[] plain(byte[] bytes) {
        return digest.digest(bytes);
    }
}
