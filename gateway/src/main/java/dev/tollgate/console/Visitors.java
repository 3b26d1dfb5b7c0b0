package dev.tollgate.console;

import java.security.SecureRandom;

/**
 * Form tokens for browsers that are not signed in yet: derived from a visitor's cookie, so that nothing is kept for strangers. Without them
 * a foreign page could sign a browser in to an account of its own choice.
 */
final class Visitors {
    private static final int SECRET_BYTES = 32;
    private final byte[] secret = new byte[SECRET_BYTES];

    Visitors(SecureRandom random) {
        random.nextBytes(secret);
    }

    /** The form token that belongs to a visitor's cookie. */
    String formToken(String cookie) {
        return Digests.hmac(secret, cookie);
    }

    boolean matches(String cookie, String formToken) {
        return !cookie.isEmpty() && Digests.equal(formToken(cookie), formToken);
    }
}
