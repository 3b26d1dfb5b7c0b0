package dev.tollgate.approval;

import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps standing grants for all nodes. Every change is atomic. A failed future means that the store is away. */
public interface GrantStore {
    /** Most live grants of one agent that are looked at. */
    int MAX_LIVE = 200;

    Future<Void> add(StandingGrant grant);

    Future<Optional<StandingGrant>> find(String id);

    /** All that there are, those that have ended too, newest first, at most {@code limit}. */
    Future<List<StandingGrant>> list(int limit);

    /** Those of an agent that let calls pass at a moment, newest first, at most {@link #MAX_LIVE}. */
    Future<List<StandingGrant>> live(String agent, Instant now);

    /**
     * Takes leave for one call.
     *
     * @param amount the most it may cost
     * @return false, with nothing taken, if the grant is over or the amount is not left
     */
    Future<Boolean> take(String id, NanoUsd amount, Instant now);

    /**
     * Puts right what a call cost that was let pass.
     *
     * @param changeNanos what it cost less what was taken for it
     */
    Future<Void> settle(String id, long changeNanos);

    /**
     * Ends a grant; one that was ended before keeps its first end.
     *
     * @return the grant as it now stands; empty if there is none
     */
    Future<Optional<StandingGrant>> revoke(String id, String by, Instant at);
}
