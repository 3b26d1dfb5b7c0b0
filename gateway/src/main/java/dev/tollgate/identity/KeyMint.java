package dev.tollgate.identity;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.TeamId;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Makes keys. Safe on any thread. */
public final class KeyMint {
    private static final int SECRET_BITS = 256;
    private static final int ID_BITS = 71;
    private static final int ID_DIGITS = 12;
    private static final BigInteger BASE = BigInteger.valueOf(KeySecret.ALPHABET.length());

    private final SecureRandom random;
    private final InstantSource clock;

    public KeyMint(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /**
     * @param key what is kept
     * @param secret what is shown once and kept nowhere
     */
    public record Minted(Key key, KeySecret secret) {}

    /**
     * A new key, kept nowhere yet.
     *
     * @param expiresAt when it ends by itself; null for never
     */
    public Minted mint(AgentId agent, TeamId team, Scopes scopes, @Nullable Instant expiresAt) {
        KeySecret secret = new KeySecret(KeySecret.PREFIX + digits(random, SECRET_BITS, KeySecret.DIGITS));
        KeyId id = new KeyId("key_" + digits(random, ID_BITS, ID_DIGITS));
        // Every store keeps milliseconds.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Minted(new Key(id, secret.hash(), agent, team, scopes, now, expiresAt, null), secret);
    }

    /** Random bits as digits to the base of 62. */
    static String digits(SecureRandom random, int bits, int count) {
        char[] digits = new char[count];
        BigInteger rest = new BigInteger(bits, random);
        for (int i = count - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits[i] = KeySecret.ALPHABET.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(digits);
    }
}
