package dev.tollgate.audit.payload;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Names a piece, or a node of a list of pieces, by its content: the first 128 bits of an HMAC-SHA-256 under the team's key. Equal content of
 * one team has one name; nobody without the key can tell what content a name stands for.
 */
public record PieceId(long high, long low) {
    public static final int BYTES = 16;
    /** Stands for the end of a list. */
    public static final PieceId NONE = new PieceId(0, 0);

    public static PieceId of(byte[] bytes) {
        ByteBuffer read = ByteBuffer.wrap(bytes);
        return new PieceId(read.getLong(), read.getLong());
    }

    /** Reads what {@link #toString} wrote. */
    public static PieceId parse(String written) {
        return of(Base64.getUrlDecoder().decode(written));
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }
}
