package dev.tollgate.audit.payload;

import dev.tollgate.policy.PayloadPolicy.Capture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a session, as a timeline shows it.
 *
 * @param request whose request it was and what stood around it, without its bytes; null where it was not kept
 * @param pieces the request's bytes in their order; those that no earlier call of the session had are new
 * @param reply the reply; null where it was not kept
 */
public record Step(
        @Nullable StoredPayload request,
        List<Piece> pieces,
        @Nullable StoredPayload reply) {
    /**
     * @param isNew whether no earlier call of the session had it in this place
     * @param isConversation whether it is part of the conversation: a message, or a part of one, with the comma before it
     * @param bytes the bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Piece(boolean isNew, boolean isConversation, byte[] bytes) {
        @Override
        public String toString() {
            return "Piece[" + bytes.length + " bytes, redacted]";
        }
    }

    public Step {
        pieces = List.copyOf(pieces);
    }

    static Step ofRequest(StoredPayload request, List<Piece> pieces) {
        return new Step(request, pieces, null);
    }

    static Step ofReply(StoredPayload reply) {
        return new Step(null, List.of(), reply);
    }

    static Step with(Step one, Step other) {
        return new Step(
                one.request == null ? other.request : one.request,
                one.request == null ? other.pieces : one.pieces,
                one.reply == null ? other.reply : one.reply);
    }

    /** The call. */
    public Payload.Whose whose() {
        return any().whose();
    }

    /** At which it was kept: the higher one, where request and reply differ. */
    public Capture level() {
        boolean full = (request != null && request.level() == Capture.FULL)
                || (reply != null && reply.level() == Capture.FULL);
        return full ? Capture.FULL : any().level();
    }

    private StoredPayload any() {
        StoredPayload any = request == null ? reply : request;
        if (any == null) {
            throw new IllegalStateException("a step of no payload");
        }
        return any;
    }

    @Override
    public String toString() {
        return "Step[" + whose().exchange() + ", redacted]";
    }
}
