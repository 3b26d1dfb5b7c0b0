package dev.tollgate.identity;

import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * A gateway key itself: {@code tg_} and 43 letters and digits that hold 256 random bits. What a client presented may only look like one:
 * {@link #isWellFormed()} tells without asking a store. Prints nothing of itself.
 *
 * @param value begins with {@code tg_}
 */
public record KeySecret(String value) {
    /** What every gateway key begins with, and no provider's key does. */
    public static final String PREFIX = "tg_";

    static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** Digits to the base of 62 that 256 bits need. */
    static final int DIGITS = 43;

    private static final int LENGTH = PREFIX.length() + DIGITS;

    public KeySecret {
        if (!value.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a gateway key begins with " + PREFIX);
        }
    }

    /** Whether it has the length and the alphabet of a key, so that a store need be asked at all. */
    public boolean isWellFormed() {
        return value.length() == LENGTH && startsAt(value, 0);
    }

    /** Whether a text holds something that has the form of a gateway key, at any place. */
    static boolean isWithin(String text) {
        for (int at = text.indexOf(PREFIX); at >= 0; at = text.indexOf(PREFIX, at + 1)) {
            if (startsAt(text, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsAt(String text, int start) {
        if (text.length() - start < LENGTH) {
            return false;
        }
        for (int i = start + PREFIX.length(); i < start + LENGTH; i++) {
            if (ALPHABET.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 in lower-case hex: what is kept of a key. 256 bits of randomness need neither salt nor a slow hash. */
    public String hash() {
        return Sha256.hexOf(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "KeySecret[redacted]";
    }
}
