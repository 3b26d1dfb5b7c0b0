package dev.tollgate.approval;

import dev.tollgate.exchange.Exchange;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.util.Set;

/** What happened before a call, for conditions that ask. A failed future means that it is not known: the call must not go on. */
@FunctionalInterface
public interface History {
    /** Nothing has happened before: for judging calls apart from all others. */
    History NONE = (exchange, wants) -> Future.succeededFuture(Past.NOTHING);

    /** What conditions ask for. */
    enum Want {
        SESSION_COST,
        USED_MODELS
    }

    /**
     * What happened before.
     *
     * @param sessionCost what the calls of its session have cost that ended
     * @param used targets of the call that its agent has had an answer from before, as {@code provider/model}
     */
    record Past(NanoUsd sessionCost, Set<String> used) {
        public static final Past NOTHING = new Past(NanoUsd.ZERO, Set.of());

        public Past {
            used = Set.copyOf(used);
        }
    }

    Future<Past> before(Exchange exchange, Set<Want> wants);
}
