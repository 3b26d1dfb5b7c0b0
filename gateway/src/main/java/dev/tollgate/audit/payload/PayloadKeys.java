package dev.tollgate.audit.payload;

import dev.tollgate.value.Sha256;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The operator's keys for payloads, and what is derived from them: for each team a key that names pieces, and one that encrypts the team's data
 * keys. Safe on any thread.
 */
public final class PayloadKeys {
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MAX_DERIVED = 10_000;
    /** Bytes by which a sealed piece names the key it was sealed with. */
    static final int ID_BYTES = 4;

    private final List<Root> roots;
    private final Map<String, SecretKeySpec> derived = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Root(int id, byte[] key) {
        @Override
        public String toString() {
            return "Root[redacted]";
        }
    }

    private PayloadKeys(List<Root> roots) {
        this.roots = List.copyOf(roots);
    }

    /** No encryption. */
    public static PayloadKeys none() {
        return new PayloadKeys(List.of());
    }

    /**
     * @param written keys in base64 with blanks between, the one that encrypts first; null or empty for none
     * @throws IllegalArgumentException if one of them is not 32 bytes in base64
     */
    public static PayloadKeys parse(@Nullable String written) {
        List<Root> roots = new ArrayList<>();
        for (String one : written == null ? new String[0] : written.strip().split("\\s+")) {
            if (!one.isEmpty()) {
                byte[] key = decoded(one);
                byte[] hash = Sha256.of(hmac(spec(key), "tollgate-payload-key-id"));
                roots.add(new Root(int32(hash), key));
            }
        }
        return new PayloadKeys(roots);
    }

    private static byte[] decoded(String one) {
        try {
            byte[] key = Base64.getDecoder().decode(one);
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            // Told below, without what was written: it may be a key.
        }
        throw new IllegalArgumentException(
                "is not " + KEY_BYTES + " bytes in base64, as openssl rand -base64 32 makes");
    }

    /** Id of the key that encrypts; empty where nothing is encrypted. */
    Optional<Integer> current() {
        return roots.isEmpty() ? Optional.empty() : Optional.of(roots.get(0).id);
    }

    /**
     * A key that encrypts something of a team's; empty where the root key is not known here.
     *
     * @param what what it encrypts: the data keys, or in earlier versions the payloads of a day
     */
    Optional<SecretKeySpec> cipherKey(int rootId, String team, String what) {
        for (Root root : roots) {
            if (root.id == rootId) {
                return Optional.of(derive(root.id + " cipher " + what + " " + team, root.key, "AES"));
            }
        }
        return Optional.empty();
    }

    /**
     * What names one team's pieces. Not for use by several threads at once.
     *
     * @param secret of the shelf, where the operator has given no key
     */
    Mac namer(byte[] secret, String team) {
        Root root = roots.isEmpty() ? new Root(0, secret) : roots.get(0);
        return mac(derive(root.id + " name " + team, root.key, HMAC));
    }

    /** 32 bytes that follow from the first key and tell nothing of it; empty where the operator has given none. */
    public Optional<byte[]> secret(String purpose) {
        return roots.isEmpty() ? Optional.empty() : Optional.of(hmac(spec(roots.get(0).key), "tollgate-" + purpose));
    }

    private SecretKeySpec derive(String purpose, byte[] key, String algorithm) {
        if (derived.size() > MAX_DERIVED) {
            derived.clear();
        }
        return derived.computeIfAbsent(
                purpose, any -> new SecretKeySpec(hmac(spec(key), "tollgate-payload " + purpose), algorithm));
    }

    private static SecretKeySpec spec(byte[] key) {
        return new SecretKeySpec(key, HMAC);
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        return mac(key).doFinal(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has " + HMAC, missing);
        }
    }

    static int int32(byte[] bytes) {
        byte[] first = Arrays.copyOf(bytes, ID_BYTES);
        return java.nio.ByteBuffer.wrap(first).getInt();
    }

    @Override
    public String toString() {
        return "PayloadKeys[" + roots.size() + ", redacted]";
    }
}
