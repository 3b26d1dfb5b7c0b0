package dev.tollgate.audit.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key with the name under which it signs. As text it is C2SP's {@code name+id+base64}.
 *
 * @param name of the key, without blanks and plus signs
 * @param encoded base64 over the 32 bytes of the Ed25519 key, RFC 8032
 */
public record VerifierKey(String name, String encoded) {
    private static final byte ED25519 = 1;
    private static final Pattern WRITTEN = Pattern.compile("([^+\\s]+)\\+([0-9a-f]{8})\\+([A-Za-z0-9+/=]{44})");
    /** What stands before the 32 bytes in the X.509 form of a key, RFC 8410. */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    public VerifierKey {
        if (name.isEmpty()
                || name.chars().anyMatch(c -> c <= ' ' || c == '+')
                || Base64Text.decode(encoded).length != TreeHash.LENGTH) {
            throw new IllegalArgumentException("not a key of a name without blanks and 32 bytes");
        }
    }

    static VerifierKey of(String name, byte[] bytes) {
        return new VerifierKey(name, Base64Text.of(bytes));
    }

    private byte[] bytes() {
        return Base64Text.decode(encoded);
    }

    /** Reads {@code name+id+base64}. */
    public static VerifierKey parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException("not a public key of the form name+id+base64");
        }
        byte[] typed = Base64Text.decode(written.group(3));
        if (typed[0] != ED25519) {
            throw new IllegalArgumentException("the key " + written.group(1) + " is not an Ed25519 key");
        }
        VerifierKey key = VerifierKey.of(written.group(1), Arrays.copyOfRange(typed, 1, typed.length));
        if (!HexFormat.of().toHexDigits(key.id()).equals(written.group(2))) {
            throw new IllegalArgumentException("the id in the key " + key.name + " does not fit its bytes");
        }
        return key;
    }

    /** Reads the public key in PEM that a text holds. */
    public static VerifierKey parsePem(String name, String text) {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new IllegalArgumentException("there is no PUBLIC KEY in it");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
        if (der.length != X509.length + TreeHash.LENGTH || !Arrays.equals(der, 0, X509.length, X509, 0, X509.length)) {
            throw new IllegalArgumentException("the PUBLIC KEY in it is not an Ed25519 key");
        }
        return VerifierKey.of(name, Arrays.copyOfRange(der, X509.length, der.length));
    }

    /** First four bytes of the SHA-256 over name, newline, type and key. */
    public int id() {
        byte[] bytes = bytes();
        byte[] start = (name + "\n").getBytes(UTF_8);
        byte[] all = ByteBuffer.allocate(start.length + 1 + bytes.length)
                .put(start)
                .put(ED25519)
                .put(bytes)
                .array();
        return ByteBuffer.wrap(new TreeHash().plain(all)).getInt();
    }

    /** Whether the note bears a signature of this key, and a good one. A bad one of this key spoils a good one beside it. */
    public boolean verifies(SignedNote note) {
        boolean verified = false;
        int id = id();
        for (SignedNote.Signature signature : note.signatures()) {
            if (signature.keyId() == id && signature.name().equals(name)) {
                if (!isBy(signature.bytes(), note.signedBytes())) {
                    return false;
                }
                verified = true;
            }
        }
        return verified;
    }

    private boolean isBy(byte[] signature, byte[] text) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(publicKey());
            check.update(text);
            return check.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509()));
    }

    private byte[] x509() {
        byte[] bytes = bytes();
        return ByteBuffer.allocate(X509.length + bytes.length)
                .put(X509)
                .put(bytes)
                .array();
    }

    static byte[] rawOf(PublicKey key) {
        byte[] der = key.getEncoded();
        return Arrays.copyOfRange(der, X509.length, der.length);
    }

    public String pem() {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64Text.of(x509()) + "\n-----END PUBLIC KEY-----\n";
    }

    /** {@code name+id+base64}. */
    @Override
    public String toString() {
        byte[] bytes = bytes();
        byte[] typed =
                ByteBuffer.allocate(1 + bytes.length).put(ED25519).put(bytes).array();
        return name + "+" + HexFormat.of().toHexDigits(id()) + "+" + Base64Text.of(typed);
    }
}
