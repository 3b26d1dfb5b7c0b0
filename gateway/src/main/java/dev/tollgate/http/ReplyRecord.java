package dev.tollgate.http;

import dev.tollgate.wire.Problem;

/** How one reply ended, and whether that is on the record yet. It ends once: what comes later changes nothing. */
final class ReplyRecord {
    private final ReplyOwner owner;
    private final ClientReply client;
    private final Outlet outlet;
    private boolean begun;
    private boolean done;

    ReplyRecord(ReplyOwner owner, ClientReply client, Outlet outlet) {
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
        end(new ReplyOwner.End("provider_error", problem.code(), bytes), then);
    }

    void cut(Problem problem, Runnable then) {
        client.captureTail(outlet.gathered());
        end(new ReplyOwner.End(ReplyOwner.End.CUT, problem.code(), client.bytes() + outlet.size()), then);
    }

    /** @param code why, where the client did not leave by itself */
    void clientGone(String code) {
        end(new ReplyOwner.End("client_gone", code, client.bytes()), () -> {});
    }

    private void end(ReplyOwner.End end, Runnable then) {
        if (!begun) {
            begun = true;
            owner.ended(end, () -> {
                done = true;
                then.run();
            });
        }
    }
}
