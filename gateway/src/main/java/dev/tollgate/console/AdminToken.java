package dev.tollgate.console;

import java.security.MessageDigest;

/** The token that opens the console and its API, kept as a hash: 256 bits of randomness need no slow one. */
public final class AdminToken {
    private final byte[] hash;

    public AdminToken(String token) {
        this.hash = Digests.sha256(token);
    }

    /** Compares in constant time. */
    boolean matches(String candidate) {
        return MessageDigest.isEqual(hash, Digests.sha256(candidate));
    }

    @Override
    public String toString() {
        return "AdminToken[redacted]";
    }
}
