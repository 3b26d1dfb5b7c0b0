package dev.tollgate.detect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names values by a keyed hash: within one tenant the same value has the same name in every call, so that a provider's prompt cache keeps
 * hitting and a model can speak of it; between tenants, and without the key, names tell nothing. Immutable, safe on any thread.
 */
public final class Placeholders {
    /** Bytes of a key. */
    public static final int KEY_BYTES = 32;
    /** Letters of a name; more where two values of one call would share it. */
    static final int LETTERS = 8;
    /** Letters that one hash has. */
    static final int MOST_LETTERS = 32;

    private static final int MOST_CHARS = 128;

    private static final String HMAC = "HmacSHA256";
    /** No digit and no vowel: a name is neither a number nor a word to any rule. */
    private static final String ALPHABET = "bcdfghjkmnpqrstvwxz";

    private static final Pattern WRITTEN =
            Pattern.compile("\\[[A-Z][A-Z0-9_]{0,63}_[" + ALPHABET + "]{" + LETTERS + "," + MOST_LETTERS + "}]");

    private final SecretKeySpec key;

    /** @param key of this installation: whoever has it can test guesses of what a name stands for */
    public Placeholders(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes, not " + key.length);
        }
        this.key = new SecretKeySpec(key, HMAC);
    }

    /** With a key that nobody knows and that ends with this process. */
    public static Placeholders passing(SecureRandom random) {
        final byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new Placeholders(key);
    }

    /**
     * Whether what a rule found is one of these: rules for what stands in a certain place take anything for a secret that stands there. Letters
     * alone, and so few of them, are none.
     */
    public static boolean isFoundIn(String text, Finding finding) {
        return finding.length() <= MOST_CHARS
                && WRITTEN.matcher(text).region(finding.start(), finding.end()).matches();
    }

    /** The name of a value: {@link #MOST_LETTERS} letters, of which the first suffice where no other begins with them. */
    String name(String tenant, String value) {
        final byte[] whose = tenant.getBytes(StandardCharsets.UTF_8);
        final Mac mac = mac();
        // Its length before it: no tenant and value together read as another tenant and value.
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(whose.length).array());
        mac.update(whose);
        final byte[] hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        final StringBuilder name = new StringBuilder(MOST_LETTERS);
        for (byte b : hash) {
            name.append(ALPHABET.charAt(Byte.toUnsignedInt(b) % ALPHABET.length()));
        }
        return name.toString();
    }

    private Mac mac() {
        try {
            final Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has " + HMAC, missing);
        }
    }

    @Override
    public String toString() {
        return "Placeholders[redacted]";
    }
}
