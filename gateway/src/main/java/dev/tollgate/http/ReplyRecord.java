package dev.tollgate.http;

import dev.tollgate.wire.Problem;
import org.jspecify.annotations.Nullable;

/** How one reply ended, and whether that is on the record yet. It ends once: what comes later changes nothing. */
final class ReplyRecord {
    private final ReplyOwner owner;
    private final ClientReply client;
    private final Outlet outlet;
    private final @Nullable ReplyGuard guard;
    private boolean begun;
    private boolean done;

    /** @param guard what it finds goes on the record; null where nobody looks */
    ReplyRecord(ReplyOwner owner, ClientReply client, Outlet outlet, @Nullable ReplyGuard guard) {
        this.guard = guard;
        this.owner = owner;
        this.client = client;
        this.outlet = outlet;
    }

    /** Whether it has ended, be it on the record or about to be. */
    boolean isBegun() {
        return begun;
    }

    /** Whether that is on the record. */
    boolean isDone() {
        return done;
    }

    void completed(Runnable then) {
        client.captureTail(outlet.gathered());
        end(new ReplyOwner.End(ReplyOwner.End.COMPLETED, "", client.bytes() + outlet.size()), then);
    }

    void failed(Problem problem, Runnable then) {
        long bytes = client.hasBegun() ? client.bytes() + outlet.size() : 0;
        if (client.hasBegun()) {
            client.captureTail(outlet.gathered());
        }
        end(ReplyOwner.End.of("provider_error", problem, bytes), then);
    }

    /**
     * It ends before its end.
     *
     * @param result {@link ReplyOwner.End#CUT} or {@link ReplyOwner.End#BLOCKED}
     */
    void cut(String result, Problem problem, Runnable then) {
        client.captureTail(outlet.gathered());
        end(ReplyOwner.End.of(result, problem, client.bytes() + outlet.size()), then);
    }

    /** @param code why, where the client did not leave by itself */
    void clientGone(String code) {
        end(new ReplyOwner.End("client_gone", code, client.bytes()), () -> {});
    }

    private void end(ReplyOwner.End end, Runnable then) {
        if (!begun) {
            begun = true;
            if (guard != null && guard.hasSomethingToTell()) {
                owner.judged(guard.verdict());
            }
            owner.ended(end, () -> {
                done = true;
                then.run();
            });
        }
    }
}
