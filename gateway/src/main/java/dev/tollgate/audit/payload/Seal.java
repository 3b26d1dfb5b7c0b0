package dev.tollgate.audit.payload;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names, compresses and encrypts what one team keeps on one day, and undoes it. Not for use by several threads at once.
 *
 * <pre>
 *   flags, then (zstd or plain bytes)
 *   flags, key id (4 bytes), nonce (12 bytes), then AES-256-GCM over (zstd or plain bytes), with the name as additional data
 * </pre>
 */
final class Seal {
    private static final int COMPRESSED = 1;
    private static final int ENCRYPTED = 2;
    static final int LEVEL = 3;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MAX_OPENED_BYTES = 128 << 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PayloadKeys keys;
    private final String team;
    private final String day;
    private final Mac namer;
    private final UnaryOperator<byte[]> compressor;

    /**
     * @param secret of the shelf
     */
    Seal(PayloadKeys keys, byte[] secret, String team, LocalDate day) {
        this(keys, secret, team, day, bytes -> Zstd.compress(bytes, LEVEL));
    }

    /** @param compressor one whose memory is used again: making it anew for each small piece takes longer than compressing it */
    Seal(PayloadKeys keys, byte[] secret, String team, LocalDate day, UnaryOperator<byte[]> compressor) {
        this.compressor = compressor;
        this.keys = keys;
        this.team = team;
        this.day = day.toString();
        this.namer = PayloadKeys.mac(keys.nameKey(secret, team));
    }

    /** The name of a piece. */
    PieceId name(byte[] bytes, int start, int end) {
        namer.update((byte) 0);
        namer.update(bytes, start, end - start);
        return PieceId.of(namer.doFinal());
    }

    /** The name of the list that ends with a piece. */
    PieceId node(PieceId parent, PieceId piece) {
        namer.update((byte) 1);
        namer.update(parent.bytes());
        namer.update(piece.bytes());
        return PieceId.of(namer.doFinal());
    }

    /** Seals bytes under a name, without which they cannot be opened. */
    byte[] close(byte[] name, byte[] bytes) {
        byte[] small = compressor.apply(bytes);
        boolean pays = small.length < bytes.length;
        byte[] content = pays ? small : bytes;
        int flags = pays ? COMPRESSED : 0;
        Optional<Integer> key = keys.current();
        if (key.isEmpty()) {
            return ByteBuffer.allocate(1 + content.length)
                    .put((byte) flags)
                    .put(content)
                    .array();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        SecretKeySpec secret = keys.cipherKey(key.get(), team, day).orElseThrow();
        try {
            byte[] secretText = cipher(Cipher.ENCRYPT_MODE, secret, nonce, name).doFinal(content);
            return ByteBuffer.allocate(1 + PayloadKeys.ID_BYTES + NONCE_BYTES + secretText.length)
                    .put((byte) (flags | ENCRYPTED))
                    .putInt(key.get())
                    .put(nonce)
                    .put(secretText)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM cannot encrypt", impossible);
        }
    }

    /**
     * @throws IOException if the bytes are damaged, belong to another name, or the key is not known here
     */
    byte[] open(byte[] name, byte[] sealed) throws IOException {
        if (sealed.length == 0) {
            throw new IOException("a sealed piece of no bytes");
        }
        int flags = sealed[0];
        byte[] content =
                (flags & ENCRYPTED) == 0 ? Arrays.copyOfRange(sealed, 1, sealed.length) : decrypt(name, sealed);
        if ((flags & COMPRESSED) == 0) {
            return content;
        }
        long size = Zstd.getFrameContentSize(content);
        if (size < 0 || size > MAX_OPENED_BYTES) {
            throw new IOException("a sealed piece is damaged");
        }
        try {
            return Zstd.decompress(content, (int) size);
        } catch (ZstdException damaged) {
            throw new IOException("a sealed piece is damaged", damaged);
        }
    }

    private byte[] decrypt(byte[] name, byte[] sealed) throws IOException {
        int head = 1 + PayloadKeys.ID_BYTES + NONCE_BYTES;
        if (sealed.length < head) {
            throw new IOException("a sealed piece is damaged");
        }
        int id = ByteBuffer.wrap(sealed).getInt(1);
        SecretKeySpec secret = keys.cipherKey(id, team, day)
                .orElseThrow(() -> new IOException("the payload is encrypted with key " + Integer.toHexString(id)
                        + ", which payloads.key does not name"));
        byte[] nonce = Arrays.copyOfRange(sealed, 1 + PayloadKeys.ID_BYTES, head);
        try {
            return cipher(Cipher.DECRYPT_MODE, secret, nonce, name).doFinal(sealed, head, sealed.length - head);
        } catch (GeneralSecurityException damaged) {
            throw new IOException("a sealed piece is damaged", damaged);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, byte[] name)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name);
        return cipher;
    }
}
