package dev.tollgate.identity;

import dev.tollgate.value.Person.Duty;
import dev.tollgate.value.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes tokens for the console's API. Safe on any thread. */
public final class AccessTokenMint {
    /** What every token begins with, and no key of an agent does. */
    public static final String PREFIX = "tgt_";

    private static final int SECRET_BITS = 256;
    private static final int SECRET_DIGITS = 43;
    private static final int ID_BITS = 71;
    private static final int ID_DIGITS = 12;

    private final SecureRandom random;
    private final InstantSource clock;

    public AccessTokenMint(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /**
     * @param token what is kept
     * @param secret what is shown once and kept nowhere
     */
    public record Minted(AccessToken token, String secret) {
        @Override
        public String toString() {
            return "Minted[" + token + ", secret redacted]";
        }
    }

    /**
     * A new token, kept nowhere yet.
     *
     * @param createdBy who makes it
     * @param expiresAt when it ends by itself; null for never
     * @throws IllegalArgumentException if name or duties are not as {@link AccessToken} wants them
     */
    public Minted mint(String name, List<Duty> duties, String createdBy, @Nullable Instant expiresAt) {
        String secret = PREFIX + KeyMint.digits(random, SECRET_BITS, SECRET_DIGITS);
        String id = "tok_" + KeyMint.digits(random, ID_BITS, ID_DIGITS);
        // Every store keeps milliseconds.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant end = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS);
        return new Minted(new AccessToken(id, hash(secret), name, duties, createdBy, now, end, null), secret);
    }

    /** Whether a text has the form of a token, so that a store need be asked at all. */
    public static boolean isWellFormed(String text) {
        return text.startsWith(PREFIX)
                && text.length() == PREFIX.length() + SECRET_DIGITS
                && text.chars().skip(PREFIX.length()).allMatch(c -> KeySecret.ALPHABET.indexOf(c) >= 0);
    }

    /** What is kept of a token. */
    public static String hash(String secret) {
        return Sha256.hexOf(secret.getBytes(StandardCharsets.UTF_8));
    }
}
