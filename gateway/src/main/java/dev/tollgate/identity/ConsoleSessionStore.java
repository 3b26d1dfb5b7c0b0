package dev.tollgate.identity;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps who is signed in to the console, for all nodes that share it. What one node ended is over on all of them at their next look. A failed
 * future means that the store is away: nobody comes in then.
 */
public interface ConsoleSessionStore {
    /**
     * Keeps a new session.
     *
     * @param most how many are kept; beyond that the longest unused go
     */
    Future<Void> begin(ConsoleSession session, int most);

    Future<Optional<ConsoleSession>> find(String hash);

    /** Keeps a later moment of use; an earlier one changes nothing. */
    Future<Void> touch(String hash, Instant usedAt);

    /** Keeps what the next page tells, in the place of what was kept before; empty for nothing. */
    Future<Void> tell(String hash, String notice);

    Future<Void> end(String hash);

    /**
     * Ends the sessions that an identity provider says are over.
     *
     * @param subject whose; empty for anybody's
     * @param session the provider's session that they came from; empty for any
     * @param begunUntil sessions that began later stay
     * @return how many
     */
    Future<Integer> endOf(String issuer, String subject, String session, Instant begunUntil);

    /** Forgets sessions that began, or were last used, before these moments. */
    Future<Void> sweep(Instant begunBefore, Instant usedBefore);
}
