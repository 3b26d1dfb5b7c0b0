package dev.tollgate.approval;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider's reply that waits for a person, as it came: a client that left and makes the same call again gets it without a second call to
 * the provider.
 *
 * @param fingerprint of the call
 * @param anySession what the call has in common with the same call of other sessions; empty where it is for none of them
 * @param exchange the call that was paid for
 * @param target what gave the reply
 * @param contentType of its body
 * @param body as it came, at most {@link KeptReplies#MAX_BYTES}
 * @param until from when on it is worth nothing any more, to the millisecond
 * @param owner whose it is
 * @param erased word of its erasure, after which the body is empty; null while it is there
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KeptReply(
        String fingerprint,
        String anySession,
        String exchange,
        String target,
        String contentType,
        byte[] body,
        Instant until,
        KeptOwner owner,
        @Nullable Erasure erased) {
    private static final byte[] NOTHING = new byte[0];

    /** This reply with its body in another form. */
    public KeptReply withBody(byte[] other) {
        return new KeptReply(fingerprint, anySession, exchange, target, contentType, other, until, owner, erased);
    }

    /** What is left of it when it is erased. */
    public KeptReply erasedBy(Erasure word) {
        return new KeptReply(fingerprint, anySession, exchange, target, contentType, NOTHING, until, owner, word);
    }

    /** All that it can be named by when it is to be erased. */
    public List<String> subjects() {
        return owner.subjects(exchange);
    }

    @Override
    public String toString() {
        return "KeptReply[" + exchange + ", redacted]";
    }
}
