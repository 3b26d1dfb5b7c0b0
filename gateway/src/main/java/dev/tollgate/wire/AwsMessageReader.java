package dev.tollgate.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts Amazon's binary event stream into its messages. What does not begin as a message does is passed on unread, and so is everything
 * behind it.
 *
 * <pre>
 *   READING ──whole message──▶ event ──▶ READING
 *      └──no message, or more than maxMessageBytes──▶ UNREAD: pieces as they come
 * </pre>
 */
public final class AwsMessageReader implements StreamReader {
    private final int maxMessageBytes;
    private byte[] pending = {};
    private int pendingLength;
    private boolean unread;

    /** @param maxMessageBytes largest message that is read, in bytes */
    public AwsMessageReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public void feed(byte[] chunk, int offset, int length, Sink sink) {
        keep(chunk, offset, length);
        int at = 0;
        while (!unread && pendingLength - at >= AwsEventStream.PRELUDE) {
            int total = ByteBuffer.wrap(pending).getInt(at);
            if (!AwsEventStream.begins(pending, at) || total > maxMessageBytes) {
                unread = true;
            } else if (total > pendingLength - at) {
                break;
            } else {
                byte[] message = Arrays.copyOfRange(pending, at, at + total);
                at += total;
                sink.event(message, AwsEventStream.name(message), AwsEventStream.payload(message));
            }
        }
        System.arraycopy(pending, at, pending, 0, pendingLength - at);
        pendingLength -= at;
        if (unread) {
            release(sink);
        }
    }

    @Override
    public void finish(Sink sink) {
        release(sink);
    }

    @Override
    public byte[] with(byte[] raw, byte[] data, byte[] changed) {
        return AwsEventStream.withPayload(raw, changed);
    }

    private void keep(byte[] chunk, int offset, int length) {
        if (pending.length < pendingLength + length) {
            pending = Arrays.copyOf(pending, Math.max(pendingLength + length, 2 * pending.length));
        }
        System.arraycopy(chunk, offset, pending, pendingLength, length);
        pendingLength += length;
    }

    private void release(Sink sink) {
        if (pendingLength > 0) {
            byte[] rest = Arrays.copyOf(pending, pendingLength);
            pendingLength = 0;
            sink.piece(rest);
        }
    }
}
