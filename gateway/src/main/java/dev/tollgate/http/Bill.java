package dev.tollgate.http;

import dev.tollgate.budget.PriceBook;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Target;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange used and what that costs.
 *
 * @param usage tokens by class
 * @param cost in nano-dollars; null where no price is known
 */
record Bill(Usage usage, @Nullable NanoUsd cost) {
    /** For exchanges that reached no provider, or that a provider refused. */
    static final Bill NOTHING = new Bill(Usage.NONE, NanoUsd.ZERO);

    private static final int FIRST_ERROR_STATUS = 400;

    /** The bill of a reply, as far as it came. */
    static Bill of(Exchange exchange, Target target, ReplyMeter meter, int status) {
        Usage reported = meter.reported();
        if (reported == null) {
            boolean billed = status < FIRST_ERROR_STATUS && exchange.facts().generates();
            return billed ? priced(exchange, target, counted(exchange, meter)) : NOTHING;
        }
        return priced(exchange, target, reported);
    }

    private static Usage counted(Exchange exchange, ReplyMeter meter) {
        Facts facts = exchange.facts();
        TokenCounter counter = exchange.policy().view(TokenCounter.class);
        return Usage.of(
                counter.inputTokens(exchange), counter.outputTokens(facts.model(), meter.outputCharacters()), Usage.Source.COUNTED);
    }

    private static Bill priced(Exchange exchange, Target target, Usage usage) {
        if (usage.providerCost() != null) {
            return new Bill(usage, usage.providerCost());
        }
        String model = target.model() == null ? exchange.facts().model() : target.model();
        if (model == null || model.isEmpty()) {
            return new Bill(usage, null);
        }
        NanoUsd cost = exchange.policy()
                .view(PriceBook.class)
                .find(new ModelId(target.provider(), model))
                .map(price -> price.cost(usage, exchange.receivedAt()))
                .orElse(null);
        return new Bill(usage, cost);
    }
}
