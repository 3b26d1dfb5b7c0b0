package dev.tollgate.stage;

import dev.tollgate.budget.Estimator.Precision;
import dev.tollgate.exchange.Content;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Splice;
import dev.tollgate.pipeline.Decision.Deny;
import dev.tollgate.pipeline.Decision.Hold;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.stage.Reserving.Refusal;
import dev.tollgate.value.Amounts;
import dev.tollgate.wire.OutputLimit;
import dev.tollgate.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the policy of a budget offers to a call that does not fit into it. Pure functions. */
final class Relief {
    private static final Duration HOLD_DEADLINE = Duration.ofMinutes(15);
    /** Most tokens that a limit is looked for below. */
    private static final long MOST_OUTPUT = 1L << 24;

    private Relief() {}

    /**
     * The call with as much output as fits.
     *
     * @param reserving the attempt that was refused
     * @return empty where its wire has no limit that could be lowered, or less fits than the policy and the call itself need
     */
    static Optional<Exchange> clamped(Exchange exchange, Wire wire, Reserving reserving, Refusal refusal) {
        Long floor = refusal.budget().clampOutput();
        Content content = exchange.content();
        Json.Obj body = content.json();
        if (floor == null || body == null || !exchange.facts().generates()) {
            return Optional.empty();
        }
        OutputLimit limit = wire.outputLimit(body, exchange.route().first().provider());
        if (limit == null) {
            return Optional.empty();
        }
        long least = Math.max(floor, limit.least());
        Long asked = exchange.facts().maxOutputTokens();
        long most = asked == null ? MOST_OUTPUT : Math.min(asked, MOST_OUTPUT);
        long fitting = mostThatFits(content, reserving, refusal.most(), least, most);
        return fitting < least ? Optional.empty() : Optional.of(with(exchange, limit, fitting));
    }

    /** The largest number in these bounds that fits; {@code least - 1} if none does. The worst case grows with the output. */
    private static long mostThatFits(Content content, Reserving reserving, Amounts limit, long least, long most) {
        long fits = least - 1;
        long tooMuch = most + 1;
        while (tooMuch - fits > 1) {
            long middle = fits + (tooMuch - fits) / 2;
            Amounts worst =
                    reserving.worstCase(content.withFacts(content.facts().withMaxOutput(middle)), Precision.EXACT);
            if (worst.nanos() <= limit.nanos() && worst.tokens() <= limit.tokens()) {
                fits = middle;
            } else {
                tooMuch = middle;
            }
        }
        return fits;
    }

    private static Exchange with(Exchange exchange, OutputLimit limit, long tokens) {
        List<Splice> lowered = limit.at(tokens);
        // A call that comes here again, after a person's leave, may have been lowered before.
        List<Splice> all = new ArrayList<>(lowered);
        for (Splice before : exchange.splices()) {
            boolean isReplaced =
                    lowered.stream().anyMatch(one -> one.start() == before.start() && one.end() == before.end());
            if (!isReplaced) {
                all.add(before);
            }
        }
        Content content = exchange.content();
        return exchange.withAllSplices(all)
                .withContent(content.withFacts(content.facts().withMaxOutput(tokens)));
    }

    /** A person is asked whether the call may pass the budget all the same. */
    static Hold asking(BudgetEntry budget, Deny denied) {
        return new Hold(Reserving.LEAVE + budget.id(), denied.denial().problem().message(), HOLD_DEADLINE);
    }
}
