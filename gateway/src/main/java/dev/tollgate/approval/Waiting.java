package dev.tollgate.approval;

import dev.tollgate.value.ExchangeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that waits for the decision on its ticket. Belongs to the Vert.x context it was made on, where its future completes. */
public final class Waiting {
    private final Ticket ticket;
    private final ExchangeId exchange;
    private final boolean isOwn;
    private final Consumer<Waiting> onLeave;
    private final @Nullable Context context = Vertx.currentContext();
    private final Promise<Ticket> decision = Promise.promise();

    Waiting(Ticket ticket, ExchangeId exchange, boolean isOwn, Consumer<Waiting> onLeave) {
        this.ticket = ticket;
        this.exchange = exchange;
        this.isOwn = isOwn;
        this.onLeave = onLeave;
    }

    /** The ticket as it stood when the client came. */
    public Ticket ticket() {
        return ticket;
    }

    /** Whether it waits for the ticket of its own call. */
    public boolean isOwn() {
        return isOwn;
    }

    /** Whose client waits. */
    ExchangeId exchange() {
        return exchange;
    }

    /**
     * The ticket when it is pending no more. Never fails: where nothing can be found out, the deadline ends it as EXPIRED. A ticket that
     * another attempt has used is CONSUMED.
     */
    public Future<Ticket> decision() {
        return decision.future();
    }

    /** The client is gone: its place is free, the ticket stays as it is. The future does not complete any more. */
    public void leave() {
        onLeave.accept(this);
    }

    void decided(Ticket decided) {
        if (context == null) {
            decision.tryComplete(decided);
        } else {
            context.runOnContext(ignored -> decision.tryComplete(decided));
        }
    }
}
