package dev.tollgate.policy;

import java.time.Instant;

/** Is told what became of a load, on the thread that loaded. Must not block long: the next load waits for it. */
public interface PolicyListener {
    /** A snapshot has come into force. */
    void onLoad(PolicySnapshot snapshot);

    /** A bundle was refused; the snapshot before it stays in force. */
    void onFailure(Failure failure);

    /**
     * A load that was refused.
     *
     * @param at when
     * @param cause what was wrong, all of it
     */
    record Failure(Instant at, PolicyException cause) {}
}
