package dev.tollgate.stage;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Estimator.Estimate;
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

    /** Tokens of output by which it is found out what one of them takes. */
    private static final long SPAN = 1024;

    private Relief() {}

    /**
     * The call with as much output as fits.
     *
     * @param reserving the attempt that was refused
     * @return empty where its wire has no limit that could be lowered, or less fits than the policy and the call itself need
     */
    static Optional<Exchange> clamped(Exchange exchange, Wire wire, Reserving reserving, Refusal refusal) {
        Long floor = refusal.least();
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

    /**
     * About the largest number in these bounds that fits, never more than does; {@code least - 1} if none does. The worst case grows with the
     * output in a straight line, so two looks at the call are enough, however long it is.
     */
    private static long mostThatFits(Content content, Reserving reserving, Amounts limit, long least, long most) {
        List<Estimate> low = reserving.estimates(allowing(content, least), Precision.EXACT);
        List<Estimate> high = reserving.estimates(allowing(content, least + SPAN), Precision.EXACT);
        long fits = most;
        for (int i = 0; i < low.size(); i++) {
            long nanos = low.get(i).cost().nanos();
            long tokens = tokens(low.get(i));
            if (nanos > limit.nanos() || tokens > limit.tokens()) {
                return least - 1;
            }
            long more = Math.min(
                    more(limit.nanos() - nanos, high.get(i).cost().nanos() - nanos),
                    more(limit.tokens() - tokens, tokens(high.get(i)) - tokens));
            fits = Math.min(fits, least + more);
        }
        return fits;
    }

    private static Content allowing(Content content, long output) {
        return content.withFacts(content.facts().withMaxOutput(output));
    }

    private static long tokens(Estimate estimate) {
        return estimate.inputTokens() + estimate.outputTokens();
    }

    /** How many tokens more fit into what is left, where {@link #SPAN} of them take so much; one more, since amounts are rounded. */
    private static long more(long left, long perSpan) {
        return left > Long.MAX_VALUE / SPAN ? MOST_OUTPUT : Math.min(MOST_OUTPUT, left * SPAN / (perSpan + 1));
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
        return new Hold(Budgets.LEAVE + budget.id(), denied.denial().problem().message(), HOLD_DEADLINE);
    }
}
