package dev.tollgate.console;

import java.security.MessageDigest;

/** The token that opens the console and its API, kept as a hash: 256 bits of randomness need no slow one. */
public final class AdminToken {
    /** Who holds it, as records name them. */
    static final String NAME = "admin";

    /** Nothing but its length protects a token from guessing, and an empty one would open the console to everybody. */
    public static final int MIN_CHARACTERS = 32;

    private final byte[] hash;

    /**
     * @param token at least {@value #MIN_CHARACTERS} characters
     */
    public AdminToken(String token) {
        if (token.length() < MIN_CHARACTERS) {
            throw new IllegalArgumentException("the admin token has " + token.length() + " characters, at least "
                    + MIN_CHARACTERS + " are needed");
        }
        this.hash = Digests.sha256(token);
    }

    /** Compares in constant time. */
    boolean matches(String candidate) {
        return MessageDigest.isEqual(hash, Digests.sha256(candidate));
    }

    /** Tells this token from others, and opens nothing. */
    String fingerprint() {
        return Digests.hex(Digests.sha256(hash));
    }

    @Override
    public String toString() {
        return "AdminToken[redacted]";
    }
}
