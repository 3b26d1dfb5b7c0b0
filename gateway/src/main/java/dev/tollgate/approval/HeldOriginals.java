package dev.tollgate.approval;

import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What held calls say as it came, with what the scan takes out, for reviewers who ask for it. Kept beside kept replies, encrypted as they are,
 * until the deadline that the ticket was opened with. Safe on any thread.
 */
public final class HeldOriginals {
    private static final String NAME = "original of ";
    private static final String REQUEST = "request";
    private static final String ARGUMENTS = "arguments";

    private final KeptReplies store;
    private final InstantSource clock;

    public HeldOriginals(KeptReplies store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What was kept.
     *
     * @param bytes the body of the request, or the arguments of the tool that it is about
     * @param isRequest which of both
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Original(byte[] bytes, boolean isRequest) {
        @Override
        public String toString() {
            return "Original[" + bytes.length + " bytes, redacted]";
        }
    }

    /** Whether an original is small enough to be kept. */
    public static boolean mayKeep(Original original) {
        return original.bytes.length <= KeptReplies.MAX_BYTES;
    }

    /**
     * What is there of a ticket.
     *
     * @param original what it says as it came; null where nothing is kept, or not any more
     * @param erased word of its erasure; null where it was not erased
     */
    public record Found(
            @Nullable Original original, @Nullable Erasure erased) {
        public static final Found NOTHING = new Found(null, null);

        /** What it says as it came. */
        public Optional<Original> kept() {
            return Optional.ofNullable(original);
        }
    }

    /** Keeps the original of a ticket that was just opened, by a call of nobody's who was named. */
    public Future<Void> keep(Ticket ticket, Original original) {
        return keep(
                ticket,
                original,
                new KeptOwner(ticket.team(), ticket.agent(), ticket.session(), "", ticket.createdAt()));
    }

    /**
     * Keeps the original of a ticket that was just opened.
     *
     * @param owner whose call it is
     */
    public Future<Void> keep(Ticket ticket, Original original, KeptOwner owner) {
        Instant now = clock.instant();
        return store.put(
                new KeptReply(
                        NAME + ticket.id(),
                        "",
                        ticket.exchange().value(),
                        ticket.model(),
                        original.isRequest ? REQUEST : ARGUMENTS,
                        original.bytes,
                        ticket.deadline(),
                        owner,
                        null),
                now);
    }

    /** The original of a ticket, or word of its erasure; neither where the policy keeps none, it was too large, or its time is over. */
    public Future<Found> find(Ticket ticket) {
        return store.find(NAME + ticket.id(), clock.instant())
                .map(found -> found.map(HeldOriginals::found).orElse(Found.NOTHING));
    }

    private static Found found(KeptReply kept) {
        return kept.erased() != null
                ? new Found(null, kept.erased())
                : new Found(new Original(kept.body(), kept.contentType().equals(REQUEST)), null);
    }
}
