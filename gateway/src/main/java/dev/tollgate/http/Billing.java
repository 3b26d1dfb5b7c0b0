package dev.tollgate.http;

import dev.tollgate.budget.ModelPrice;
import dev.tollgate.budget.PriceBook;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.budget.Tokenizer;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import java.util.Optional;

/** Makes out bills: from what the provider told, else from what was sent and relayed. */
public final class Billing {
    private static final int FIRST_ERROR_STATUS = 400;
    /** Fewer than English has, so that an estimate errs against overspending. */
    private static final int CHARACTERS_PER_TOKEN = 3;

    private final PriceBook prices;
    private final TokenCounter tokens;

    public Billing(PriceBook prices, TokenCounter tokens) {
        this.prices = prices;
        this.tokens = tokens;
    }

    /** The bill of a reply, as far as it came. */
    Bill of(Exchange exchange, Target target, ReplyMeter meter, int status) {
        String name = target.model() == null ? exchange.facts().model() : target.model();
        Optional<ModelPrice> price = name == null || name.isEmpty() || name.length() > ModelId.MAX_NAME
                ? Optional.empty()
                : prices.find(new ModelId(target.provider(), name));
        Usage reported = meter.reported();
        if (reported == null
                && (status >= FIRST_ERROR_STATUS || !exchange.facts().generates())) {
            return Bill.NOTHING;
        }
        Usage usage = reported == null ? counted(exchange, meter, price) : reported;
        if (usage.providerCost() != null) {
            return new Bill(usage, usage.providerCost());
        }
        return new Bill(
                usage,
                price.map(known -> known.cost(usage, exchange.receivedAt())).orElse(null));
    }

    private Usage counted(Exchange exchange, ReplyMeter meter, Optional<ModelPrice> price) {
        Tokenizer tokenizer = price.map(ModelPrice::tokenizer).orElse(Tokenizer.OTHER);
        long input = tokens.estimate(tokenizer, exchange.facts().texts());
        long output = (meter.outputCharacters() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
        return Usage.of(input, output, Usage.Source.COUNTED);
    }
}
