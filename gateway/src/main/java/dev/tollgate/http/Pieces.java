package dev.tollgate.http;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A body as it comes, put together. A body of one piece, which most are, is kept as it came and not copied; nothing is ever written behind a piece, because it may be
 * a part of what was read with it. One thread.
 */
final class Pieces {
    private @Nullable Buffer all;
    private boolean isOurs;

    void add(Buffer piece) {
        Buffer before = all;
        if (before == null) {
            all = piece;
        } else if (isOurs) {
            before.appendBuffer(piece);
        } else {
            all = Buffer.buffer(2 * (before.length() + piece.length()))
                    .appendBuffer(before)
                    .appendBuffer(piece);
            isOurs = true;
        }
    }

    /** In bytes. */
    int length() {
        return all == null ? 0 : all.length();
    }

    /** All of it in one copy, and forgets it: a call may wait for hours, and needs its body once. */
    byte[] take() {
        byte[] bytes = all == null ? new byte[0] : all.getBytes();
        all = null;
        isOurs = false;
        return bytes;
    }
}
