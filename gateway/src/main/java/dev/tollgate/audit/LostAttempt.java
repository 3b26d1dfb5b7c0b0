package dev.tollgate.audit;

import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt at a provider that had the call and did not answer in time, before another one was called: it may bill what went in.
 *
 * @param target provider and model
 * @param inputTokens tokens in, as counted
 * @param cost of these; null where no price is known
 */
public record LostAttempt(
        String target, long inputTokens, @Nullable NanoUsd cost) {
    /** What stands for a cost that is not known. */
    private static final String UNPRICED = "-";

    /** What counters are charged for it. */
    public Spend.Lost spend() {
        return new Spend.Lost(target, new Amounts(cost == null ? 0 : cost.nanos(), inputTokens, 0));
    }

    public static List<Spend.Lost> spend(List<LostAttempt> attempts) {
        return attempts.isEmpty()
                ? List.of()
                : attempts.stream().map(LostAttempt::spend).toList();
    }

    /** What they come to together. */
    public static Amounts sum(List<LostAttempt> attempts) {
        long nanos = 0;
        long tokens = 0;
        for (LostAttempt attempt : attempts) {
            nanos = Math.addExact(nanos, attempt.cost == null ? 0 : attempt.cost.nanos());
            tokens = Math.addExact(tokens, attempt.inputTokens);
        }
        return new Amounts(nanos, tokens, 0);
    }

    /** A line for each: tokens, nano-dollars, target. */
    public static String write(List<LostAttempt> attempts) {
        StringBuilder lines = new StringBuilder();
        for (LostAttempt attempt : attempts) {
            lines.append(attempt.inputTokens)
                    .append(' ')
                    .append(attempt.cost == null ? UNPRICED : Long.toString(attempt.cost.nanos()))
                    .append(' ')
                    .append(attempt.target)
                    .append('\n');
        }
        return lines.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException where it is something else
     */
    public static List<LostAttempt> read(String lines) {
        List<LostAttempt> attempts = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            String[] words = line.split(" ", 3);
            if (words.length < 3) {
                throw new IllegalArgumentException("no lost attempt: " + line);
            }
            NanoUsd cost = words[1].equals(UNPRICED) ? null : new NanoUsd(Long.parseLong(words[1]));
            attempts.add(new LostAttempt(words[2], Long.parseLong(words[0]), cost));
        }
        return attempts;
    }
}
