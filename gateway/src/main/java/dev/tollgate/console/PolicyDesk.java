package dev.tollgate.console;

import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** The policy in force, and how it is loaded anew. */
public interface PolicyDesk {
    PolicySnapshot current();

    /** Where the bundle comes from, for people: a folder, or the built-in default. */
    String source();

    /** Why the newest attempt to load failed; empty if it did not. */
    Optional<Failure> lastFailure();

    /** Loads the bundle again. The future fails with the reason if it cannot come into force; the old one then stays. */
    Future<PolicySnapshot> reload();

    /**
     * @param at when
     * @param message file, line, path and what is wrong
     */
    record Failure(Instant at, String message) {}
}
