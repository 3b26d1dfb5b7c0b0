package dev.tollgate.approval;

import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks standing grants before a person is asked. What a call may cost at most is taken from its grant before it goes on, and put right when
 * it has ended, so that calls at the same moment cannot spend a limit twice; a call whose end is lost stays charged at its most.
 */
public final class GrantDesk {
    private static final Logger LOG = LoggerFactory.getLogger(GrantDesk.class);

    private final GrantStore store;
    private final InstantSource clock;

    public GrantDesk(GrantStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * The grant that lets a call pass that is to be held; empty where a person must be asked. Never fails: without the store nobody has
     * given leave.
     *
     * @param draft the ticket that would be opened
     * @param uses what the call has taken already; takes down what it takes now
     */
    public Future<Optional<StandingGrant>> pass(Ticket draft, GrantUses uses) {
        return store.live(draft.agent(), clock.instant())
                .map(live -> live.stream()
                        .filter(grant -> grant.letsPass(draft) && isPriced(grant, draft))
                        .toList())
                .compose(grants -> takeFirst(grants.iterator(), draft, uses))
                .otherwise(away -> {
                    LOG.warn("standing grants could not be asked: {}", away.toString());
                    return Optional.empty();
                });
    }

    /** Nobody knows whether a limit is enough for a call without a price. */
    private static boolean isPriced(StandingGrant grant, Ticket draft) {
        return grant.limit() == null || draft.estimate() != null;
    }

    private Future<Optional<StandingGrant>> takeFirst(Iterator<StandingGrant> grants, Ticket draft, GrantUses uses) {
        if (!grants.hasNext()) {
            return Future.succeededFuture(Optional.empty());
        }
        StandingGrant grant = grants.next();
        if (uses.has(grant.id())) {
            return Future.succeededFuture(Optional.of(grant));
        }
        NanoUsd estimate = draft.estimate();
        NanoUsd amount = estimate == null ? NanoUsd.ZERO : estimate;
        return store.take(grant.id(), amount, clock.instant()).compose(taken -> {
            if (taken) {
                uses.took(grant.id(), amount);
                return Future.succeededFuture(Optional.of(grant));
            }
            return takeFirst(grants, draft, uses);
        });
    }

    /**
     * A call has ended that grants let pass.
     *
     * @param cost what it cost; null where nobody knows: then it stays charged at its most
     */
    public void settle(GrantUses uses, @Nullable NanoUsd cost) {
        if (cost != null) {
            uses.taken()
                    .forEach((id, amount) -> store.settle(id, cost.nanos() - amount.nanos())
                            .onFailure(away -> LOG.warn(
                                    "grant {} stays charged for more than was spent: {}", id, away.toString())));
        }
    }
}
