package dev.tollgate.console;

import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

    /** The bundle's files with their texts, by name. */
    Future<Map<String, String>> files();

    /**
     * Loads the bundle as it would be with another text for one of its files, without putting it in force.
     *
     * @param file one of {@link #files}, or a new one that ends in {@code .yaml}
     */
    Future<Draft> tryOut(String file, String text);

    /**
     * What came of a draft.
     *
     * @param errors file, line, path and what is wrong; none where it could come into force
     * @param changes settings that it would change; none where there are errors
     */
    record Draft(List<String> errors, List<String> changes) {
        public Draft {
            errors = List.copyOf(errors);
            changes = List.copyOf(changes);
        }

        boolean isSound() {
            return errors.isEmpty();
        }
    }

    /**
     * @param at when
     * @param message file, line, path and what is wrong
     */
    record Failure(Instant at, String message) {}
}
