package dev.tollgate.policy;

import java.util.Comparator;

/**
 * One thing that is wrong with a bundle.
 *
 * @param source file in which it stands, or the override; empty where it stands nowhere
 * @param line line in that file from 1 on; 0 where there is none
 * @param path YAML path such as {@code budget.budgets[0].limit}; empty for the file as a whole
 * @param message what, which value, what is allowed; never a credential
 */
public record PolicyError(String source, int line, String path, String message) {
    static final Comparator<PolicyError> BY_PLACE =
            Comparator.comparing(PolicyError::source).thenComparingInt(PolicyError::line);

    /** {@code policies/budget.yaml:12: budget.budgets[0].limit: "5 euros" is not …} */
    @Override
    public String toString() {
        String place = source.isEmpty() ? "" : line == 0 ? source + ": " : source + ":" + line + ": ";
        return place + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
