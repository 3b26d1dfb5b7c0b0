package dev.tollgate.http;

import dev.tollgate.value.Sha256;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;

/** The bytes of one reply as they go to its client, up to a limit. Hashed as they come, so that nothing is left to do at the end. */
final class ReplyCapture {
    private final int maxBytes;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final MessageDigest digest = Sha256.digest();
    private final int status;
    private long total;
    private boolean over;

    ReplyCapture(int maxBytes, int status) {
        this.maxBytes = maxBytes;
        this.status = status;
    }

    void take(Buffer piece) {
        if (over) {
            return;
        }
        total += piece.length();
        int room = Math.min(piece.length(), maxBytes - kept.size());
        if (room > 0) {
            byte[] bytes = piece.getBytes(0, room);
            kept.writeBytes(bytes);
            digest.update(bytes);
        }
    }

    /** What comes from now on is not part of it: its end is about to be recorded. */
    void close() {
        over = true;
    }

    byte[] bytes() {
        return kept.toByteArray();
    }

    /** SHA-256 of what is kept. To be asked once. */
    byte[] hash() {
        return digest.digest();
    }

    long total() {
        return total;
    }

    int status() {
        return status;
    }
}
