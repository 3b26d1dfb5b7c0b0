package dev.tollgate.pipeline;

import dev.tollgate.exchange.Searched;
import dev.tollgate.wire.Problem;
import java.util.List;

/**
 * Why an exchange ends before it was sent.
 *
 * @param problem what the client is told
 * @param rules ids of the rules that fired
 * @param score as in {@link dev.tollgate.exchange.Verdict}
 * @param searched what was searched
 */
public record Denial(Problem problem, List<String> rules, double score, Searched searched) {
    public Denial {
        rules = List.copyOf(rules);
    }

    public Denial(Problem problem, List<String> rules, double score) {
        this(problem, rules, score, Searched.NOTHING);
    }

    public Denial(Problem problem, List<String> rules) {
        this(problem, rules, 0);
    }

    public Denial(Problem problem) {
        this(problem, List.of());
    }

    public static Denial of(Problem.Kind kind, String code, String message) {
        return new Denial(Problem.of(kind, code, message));
    }
}
