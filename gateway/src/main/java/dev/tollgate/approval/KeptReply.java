package dev.tollgate.approval;

import java.time.Instant;

/**
 * A provider's reply that waits for a person, as it came: a client that left and makes the same call again gets it without a second call to
 * the provider.
 *
 * @param fingerprint of the call
 * @param exchange the call that was paid for
 * @param target what gave the reply
 * @param contentType of its body
 * @param body as it came, at most {@link KeptReplies#MAX_BYTES}
 * @param until from when on it is worth nothing any more, to the millisecond
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KeptReply(
        String fingerprint, String exchange, String target, String contentType, byte[] body, Instant until) {
    /** This reply with its body in another form. */
    public KeptReply withBody(byte[] other) {
        return new KeptReply(fingerprint, exchange, target, contentType, other, until);
    }

    @Override
    public String toString() {
        return "KeptReply[" + exchange + ", redacted]";
    }
}
