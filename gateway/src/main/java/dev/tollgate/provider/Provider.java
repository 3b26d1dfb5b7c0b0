package dev.tollgate.provider;

import dev.tollgate.pipeline.Cleared;
import io.vertx.core.Vertx;

/** Sends cleared exchanges to the targets of their route. One for each event loop, and used on it only. */
public final class Provider {
    private final Vertx vertx;
    private final ConnectionPools pools;
    private final Breakers breakers;

    /**
     * @param pools connections of this event loop
     * @param breakers breakers shared by all event loops
     */
    public Provider(Vertx vertx, ConnectionPools pools, Breakers breakers) {
        this.vertx = vertx;
        this.pools = pools;
        this.breakers = breakers;
    }

    /**
     * Begins to send. The call's reply comes or fails; {@link Call#cancel} ends whatever is in flight.
     *
     * @param cover asked before another target is called after one that may bill
     */
    public Call send(Cleared cleared, Call.Cover cover) {
        Call call = new Call(vertx, pools, breakers, cleared.exchange(), cover);
        call.start();
        return call;
    }
}
