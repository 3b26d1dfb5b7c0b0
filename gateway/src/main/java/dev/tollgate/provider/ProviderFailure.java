package dev.tollgate.provider;

import dev.tollgate.wire.Problem;

/** A provider gave no usable answer. Carries what the client is told, and how often a provider was called. */
public final class ProviderFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;
    private final int attempts;

    ProviderFailure(Problem problem, int attempts) {
        super(problem.message(), null, false, false);
        this.problem = problem;
        this.attempts = attempts;
    }

    public Problem problem() {
        return problem;
    }

    public int attempts() {
        return attempts;
    }
}
