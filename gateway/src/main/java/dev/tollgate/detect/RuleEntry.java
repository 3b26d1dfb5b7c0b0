package dev.tollgate.detect;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is written in a pack; the head of {@code rules/secrets.yaml} explains the keys. Absent keys are null, and get
 * their defaults in {@link RuleCompiler}.
 */
record RuleEntry(
        String id,
        String title,
        String family,
        @Nullable String pattern,
        @Nullable String assigned,
        @Nullable List<String> keywords,
        @Nullable Integer digits,
        @Nullable Integer run,
        @JsonProperty("run_of") @Nullable String runOf,
        @Nullable String back,
        @JsonProperty("back_least") @Nullable Integer backLeast,
        @Nullable Integer before,
        @Nullable Integer after,
        @Nullable Integer reach,
        @Nullable List<String> validators,
        @Nullable Severity severity,
        @Nullable Double weight,
        @Nullable Boolean specific,
        @Nullable String placeholder,
        @Nullable List<String> context,
        @Nullable Integer nearby,
        @Nullable Set<Trust> writers,
        @Nullable String act,
        @Nullable List<String> allow,
        List<String> matches,
        @JsonProperty("not") List<String> passes) {

    private static final String MARK = "mark";

    @SuppressWarnings("NullAway") // Jackson passes null for keys that are absent; that is what is looked for here.
    RuleEntry {
        if (id == null || title == null || family == null) {
            throw new IllegalArgumentException("a rule needs id, title and family");
        }
        if (act != null && !act.equals(MARK)) {
            throw new IllegalArgumentException("act '" + act + "' is not " + MARK);
        }
        matches = matches == null ? List.of() : List.copyOf(matches);
        passes = passes == null ? List.of() : List.copyOf(passes);
    }

    /** Whether findings are recorded only, where the policy names no action for the rule. */
    boolean marksOnly() {
        return act != null;
    }
}
