package dev.tollgate.audit.payload;

import dev.tollgate.policy.PayloadPolicy.Capture;

/**
 * A payload as it was read back.
 *
 * @param whose whose it is
 * @param part request or reply
 * @param level at which it was taken
 * @param salt of its commitment
 * @param bytes what is kept
 * @param total how many bytes there were: more than are kept where it was cut
 * @param masked how many placeholders were put in for the keeping
 * @param isAssembled whether it is what the bytes said instead of the bytes
 * @param head what stood around it
 */
@SuppressWarnings("ArrayRecordComponent") // Megabytes: shared, not copied.
public record StoredPayload(
        Payload.Whose whose,
        Part part,
        Capture level,
        byte[] salt,
        byte[] bytes,
        long total,
        int masked,
        boolean isAssembled,
        Head head) {
    /** Whether this is what a record commits to. */
    public boolean keeps(String commitment) {
        return Commitment.holds(commitment, salt, bytes);
    }

    public boolean isCut() {
        return total > bytes.length;
    }

    @Override
    public String toString() {
        return "StoredPayload[" + whose.exchange() + " " + part.id() + ", " + bytes.length + " bytes, redacted]";
    }
}
