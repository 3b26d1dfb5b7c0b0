package dev.tollgate.console;

import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
     * @param rehearsed whether the newest stored calls are judged by it, too
     */
    Future<Draft> tryOut(String file, String text, boolean rehearsed);

    /**
     * What came of a draft.
     *
     * @param errors file, line, path and what is wrong; none where it could come into force
     * @param changes settings that it would change; none where there are errors
     * @param rehearsed how the newest calls would be decided; null where that was not asked for, or there are errors
     */
    record Draft(
            List<String> errors,
            List<String> changes,
            @Nullable Rehearsed rehearsed) {
        public Draft {
            errors = List.copyOf(errors);
            changes = List.copyOf(changes);
        }

        boolean isSound() {
            return errors.isEmpty();
        }
    }

    /**
     * How stored calls would be decided.
     *
     * @param judged calls that were judged
     * @param changed those that would be decided otherwise
     * @param notJudged calls that could not be judged, by reason
     * @param changes the first that would be decided otherwise
     */
    record Rehearsed(long judged, long changed, Map<String, Long> notJudged, List<Change> changes) {
        public Rehearsed {
            notJudged = Map.copyOf(notJudged);
            changes = List.copyOf(changes);
        }

        /** The same, with every text about a decision made anew. */
        public Rehearsed with(UnaryOperator<String> text) {
            List<Change> anew = changes.stream()
                    .map(one -> new Change(one.exchange(), text.apply(one.before()), text.apply(one.after())))
                    .toList();
            return new Rehearsed(judged, changed, notJudged, anew);
        }

        /** One call. */
        public record Change(String exchange, String before, String after) {}
    }

    /**
     * @param at when
     * @param message file, line, path and what is wrong
     */
    record Failure(Instant at, String message) {}
}
