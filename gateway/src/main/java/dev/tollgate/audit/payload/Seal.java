package dev.tollgate.audit.payload;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
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
 *
 * The flags say whether the key is one of the team's day or, as in earlier versions, derived from the operator's.
 */
final class Seal {
    private static final int COMPRESSED = 1;
    private static final int ENCRYPTED = 2;
    /** With a key of the team's day. */
    private static final int OWN_KEY = 4;

    static final int LEVEL = 3;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MAX_OPENED_BYTES = 128 << 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final DayKeys keys;
    private final Mac namer;
    private final UnaryOperator<byte[]> compressor;
    private final long teamMark;

    /** @param namer of {@link PayloadKeys#namer} */
    Seal(DayKeys keys, Mac namer) {
        this(keys, namer, bytes -> Zstd.compress(bytes, LEVEL));
    }

    /** @param compressor one whose memory is used again: making it anew for each small piece takes longer than compressing it */
    Seal(DayKeys keys, Mac namer, UnaryOperator<byte[]> compressor) {
        this.keys = keys;
        this.namer = namer;
        this.compressor = compressor;
        namer.update((byte) 2);
        this.teamMark = ByteBuffer.wrap(namer.doFinal()).getLong();
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

    /** Marks in a drawer what belongs to the team, and with which of its keys it is sealed: the one that encrypts now, or none. */
    long mark() throws IOException {
        return markOf(keys.current().map(DayKeys.Current::id).orElse(0));
    }

    /** @param id of a key; 0 for none */
    long markOf(int id) {
        return teamMark ^ Integer.toUnsignedLong(id);
    }

    /** Whether bytes are sealed as they would be now. */
    boolean isCurrent(byte[] sealed) throws IOException {
        Optional<DayKeys.Current> current = keys.current();
        if (current.isEmpty()) {
            return (sealed[0] & ENCRYPTED) == 0;
        }
        return sealed.length > PayloadKeys.ID_BYTES
                && (sealed[0] & ENCRYPTED) != 0
                && (sealed[0] & OWN_KEY) != 0 == current.get().isOwn()
                && ByteBuffer.wrap(sealed).getInt(1) == current.get().id();
    }

    /** Seals bytes under a name, without which they cannot be opened. */
    byte[] close(byte[] name, byte[] bytes) throws IOException {
        byte[] small = compressor.apply(bytes);
        boolean pays = small.length < bytes.length;
        byte[] content = pays ? small : bytes;
        int flags = pays ? COMPRESSED : 0;
        Optional<DayKeys.Current> current = keys.current();
        if (current.isEmpty()) {
            return ByteBuffer.allocate(1 + content.length)
                    .put((byte) flags)
                    .put(content)
                    .array();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        DayKeys.Current key = current.get();
        flags |= key.isOwn() ? ENCRYPTED | OWN_KEY : ENCRYPTED;
        try {
            byte[] secretText =
                    cipher(Cipher.ENCRYPT_MODE, key.key(), nonce, name).doFinal(content);
            return ByteBuffer.allocate(1 + PayloadKeys.ID_BYTES + NONCE_BYTES + secretText.length)
                    .put((byte) flags)
                    .putInt(key.id())
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
        SecretKeySpec secret = keys.find(id, (sealed[0] & OWN_KEY) != 0);
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
