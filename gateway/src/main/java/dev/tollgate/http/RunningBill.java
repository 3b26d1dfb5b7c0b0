package dev.tollgate.http;

import dev.tollgate.budget.ModelPrice;
import dev.tollgate.exchange.Facts;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a stream has come to so far, by what was told of it and counted in it. */
final class RunningBill {
    /** Where more than this is counted of what a provider may send at all, it sends more than it may: no estimate is so far off. */
    private static final double SURELY_MORE = 2;
    /** The same for counts: pieces that are counted apart have a few tokens more than the whole. */
    private static final double SURELY_MORE_COUNTED = 1.1;

    private final ReplyMeter meter;
    private final @Nullable ModelPrice price;
    private final Instant at;
    private final long mostOutput;
    private final double surelyMore;
    private final LongSupplier estimate;
    private long input = -1;

    /**
     * @param estimate of the tokens in; asked for when first needed
     * @param at when the call was received
     */
    RunningBill(ReplyMeter meter, @Nullable ModelPrice price, Facts facts, LongSupplier estimate, Instant at) {
        this.meter = meter;
        this.price = price;
        this.at = at;
        this.estimate = estimate;
        Long asked = facts.maxOutputTokens();
        Long limit = asked == null && price != null ? price.maxOutput() : asked;
        this.mostOutput = limit == null ? Long.MAX_VALUE : limit * Math.max(1, facts.choices());
        this.surelyMore = price != null && price.tokenizer().isExact() ? SURELY_MORE_COUNTED : SURELY_MORE;
    }

    /** The input has been counted. */
    void input(long counted) {
        input = counted;
    }

    private long input() {
        if (input < 0) {
            input = estimate.getAsLong();
        }
        return input;
    }

    /** What it comes to with so many tokens out, or with as many as were told, if those are more. */
    Amounts with(long outputTokens) {
        long output = outputTokens <= mostOutput * surelyMore ? Math.min(outputTokens, mostOutput) : outputTokens;
        Usage reported = meter.reported();
        Usage usage =
                (reported == null ? Usage.of(input(), 0, Usage.Source.COUNTED) : reported).withOutputAtLeast(output);
        long nanos = price == null ? 0 : price.cost(usage, at).nanos();
        long tokens = Math.addExact(usage.totalInput(), usage.totalOutput());
        return new Amounts(nanos, tokens, 1);
    }
}
