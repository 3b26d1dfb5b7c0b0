package dev.tollgate.audit.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key with its public one. Safe on any thread. */
public final class SigningKey {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern PUBLIC = Pattern.compile("(?m)^public key: (\\S+)$");

    private final PrivateKey secret;
    private final VerifierKey verifier;

    private SigningKey(PrivateKey secret, VerifierKey verifier) {
        this.secret = secret;
        this.verifier = verifier;
    }

    /** Makes a new key of a name. */
    public static SigningKey generate(String name) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new SigningKey(pair.getPrivate(), VerifierKey.of(name, VerifierKey.rawOf(pair.getPublic())));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java from 15 on has Ed25519", missing);
        }
    }

    /**
     * Reads what {@link #toFile} wrote.
     *
     * @throws IllegalArgumentException if it is no key, or its halves do not fit each other
     */
    public static SigningKey parse(String file) {
        Matcher pem = PEM.matcher(file);
        Matcher named = PUBLIC.matcher(file);
        if (!pem.find() || !named.find()) {
            throw new IllegalArgumentException("it holds no PRIVATE KEY with a line `public key: …`");
        }
        VerifierKey verifier = VerifierKey.parse(named.group(1));
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
            SigningKey key = new SigningKey(secret, verifier);
            if (!verifier.verifies(key.sign("probe\n"))) {
                throw new IllegalArgumentException("its private key and its public key do not fit each other");
            }
            return key;
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("its PRIVATE KEY is not an Ed25519 key", malformed);
        }
    }

    public VerifierKey verifier() {
        return verifier;
    }

    /**
     * Signs a text.
     *
     * @param text ends with a newline
     */
    public SignedNote sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(secret);
            signature.update(text.getBytes(UTF_8));
            return new SignedNote(text, List.of(SignedNote.Signature.of(verifier, signature.sign())));
        } catch (GeneralSecurityException refused) {
            throw new IllegalStateException("the key does not sign", refused);
        }
    }

    /** The key as a file that only its owner may read. */
    public String toFile() {
        return "public key: " + verifier + "\n-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(secret.getEncoded())
                + "\n-----END PRIVATE KEY-----\n" + verifier.pem();
    }

    @Override
    public String toString() {
        return "SigningKey[" + verifier + ", secret redacted]";
    }
}
