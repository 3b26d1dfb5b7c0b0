package dev.tollgate.http;

import dev.tollgate.budget.ModelPrice;
import dev.tollgate.exchange.Facts;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a stream has come to so far, by what was told of it and counted in it. */
final class RunningBill {
    /** Where more than this is counted of what a provider may send at all, it sends more than it may: no count is so far off. */
    private static final double SURELY_MORE = 1.5;

    private final ReplyMeter meter;
    private final @Nullable ModelPrice price;
    private final Instant at;
    private final long input;
    private final long mostOutput;

    /**
     * @param input tokens in, as counted
     * @param at when the call was received
     */
    RunningBill(ReplyMeter meter, @Nullable ModelPrice price, Facts facts, long input, Instant at) {
        this.meter = meter;
        this.price = price;
        this.at = at;
        this.input = input;
        Long asked = facts.maxOutputTokens();
        Long limit = asked == null && price != null ? price.maxOutput() : asked;
        this.mostOutput = limit == null ? Long.MAX_VALUE : limit * Math.max(1, facts.choices());
    }

    /** What it will have come to after so many more tokens. */
    Amounts after(long moreTokens) {
        long counted = meter.outputTokens() + moreTokens;
        long output = counted <= mostOutput * SURELY_MORE ? Math.min(counted, mostOutput) : counted;
        Usage reported = meter.reported();
        Usage usage =
                (reported == null ? Usage.of(input, 0, Usage.Source.COUNTED) : reported).withOutputAtLeast(output);
        long nanos = price == null ? 0 : price.cost(usage, at).nanos();
        return new Amounts(nanos, Math.addExact(usage.totalInput(), usage.totalOutput()), 1);
    }
}
