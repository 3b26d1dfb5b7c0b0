package dev.tollgate.http;

import dev.tollgate.audit.LostAttempt;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.Estimator.Precision;
import dev.tollgate.budget.ModelPrice;
import dev.tollgate.budget.PriceList;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.budget.Tokenizer;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.Target;
import dev.tollgate.exchange.Text;
import dev.tollgate.stage.Offload;
import dev.tollgate.value.Extras;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Usage;
import dev.tollgate.wire.ReplyMeter;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes out bills: from what the provider told, else from what was sent and relayed. */
public final class Billing {
    private static final int FIRST_ERROR_STATUS = 400;

    private final TokenCounter tokens;
    private final Estimator estimator;
    private final Offload offload;

    /** @param offload where tokens are counted */
    public Billing(TokenCounter tokens, Offload offload) {
        this.tokens = tokens;
        this.estimator = new Estimator(tokens);
        this.offload = offload;
    }

    /** Tokens that were counted because nobody told them. */
    record Counted(long input, long output) {
        static final Counted NOTHING = new Counted(0, 0);
    }

    /**
     * Whether the bill of a reply needs its tokens counted: it told none, or ended before it told the last of them.
     *
     * @param isWhole whether nothing is missing of it
     */
    boolean needsCount(Exchange exchange, ReplyMeter meter, int status, boolean isWhole) {
        Usage reported = meter.reported();
        if (isFree(exchange, reported, status)) {
            return false;
        }
        boolean toldAll = meter.sawEnd() && (isWhole || meter.toldAll());
        return reported == null || (!toldAll && reported.providerCost() == null);
    }

    /** The bill of a reply, as far as it came. */
    Bill of(Exchange exchange, Target target, ReplyMeter meter, int status, Counted counted) {
        Usage reported = meter.reported();
        if (isFree(exchange, reported, status)) {
            return Bill.NOTHING;
        }
        ModelPrice price = price(exchange, target).orElse(null);
        // A stream that ended early has told less than it sent: Anthropic's first event tells of one token out.
        Usage usage =
                reported == null ? of(exchange, meter, price, counted) : reported.withOutputAtLeast(counted.output());
        if (usage.providerCost() != null) {
            return new Bill(usage, usage.providerCost());
        }
        if (price == null) {
            return new Bill(usage, null);
        }
        if (reported == null && isUnmeasured(exchange, meter, price)) {
            return new Bill(usage, exchange.estimate());
        }
        return new Bill(usage, price.cost(usage, exchange.receivedAt()), price.saved(usage, exchange.receivedAt()));
    }

    /** Asking again for a stored response or for the state of a batch tells usage that was billed when it was made. */
    private static boolean isFree(Exchange exchange, @Nullable Usage reported, int status) {
        if (reported == null) {
            return status >= FIRST_ERROR_STATUS || !exchange.facts().generates();
        }
        return !exchange.inbound().method().equals("POST");
    }

    private static Optional<ModelPrice> price(Exchange exchange, Target target) {
        String name = target.model() == null ? exchange.facts().model() : target.model();
        return name == null || name.isEmpty() || name.length() > ModelId.MAX_NAME
                ? Optional.empty()
                : exchange.policy().view(PriceList.class).find(new ModelId(target.provider(), name));
    }

    /** What goes on after its reply, or tells pictures without their tokens, costs what was held: it must not be free. */
    private static boolean isUnmeasured(Exchange exchange, ReplyMeter meter, ModelPrice price) {
        Json.Obj body = exchange.content().json();
        boolean runsOn = body != null && body.isTrue("background");
        return runsOn || (meter.extras().images() > 0 && !price.billsPictures());
    }

    /** What a provider may bill that had the call and did not answer it: what went in. */
    Future<LostAttempt> lost(Exchange exchange, Target target) {
        if (!exchange.facts().generates()) {
            return Future.succeededFuture(new LostAttempt(target.toString(), 0, NanoUsd.ZERO));
        }
        return countInput(exchange, target).map(tokens -> {
            Bill bill = ofInput(exchange, target, tokens);
            return new LostAttempt(target.toString(), tokens, bill.cost());
        });
    }

    private static Bill ofInput(Exchange exchange, Target target, long tokens) {
        ModelPrice price = price(exchange, target).orElse(null);
        Usage usage = Usage.of(tokens, 0, Usage.Source.COUNTED);
        return new Bill(usage, price == null ? null : price.cost(usage, exchange.receivedAt()));
    }

    /** The bill of a call that a provider had taken when it was given up, before any answer: what went in is billed by most. */
    Future<Bill> ofUnanswered(Exchange exchange, Target target) {
        return exchange.facts().generates()
                ? countInput(exchange, target).map(tokens -> ofInput(exchange, target, tokens))
                : Future.succeededFuture(Bill.NOTHING);
    }

    private Usage of(Exchange exchange, ReplyMeter meter, @Nullable ModelPrice price, Counted counted) {
        Extras extras =
                price == null ? Extras.NONE : estimator.counted(price, exchange.content(), exchange.receivedAt());
        return Usage.of(counted.input(), counted.output(), Usage.Source.COUNTED).with(extras.and(meter.extras()));
    }

    private long mostInput(Exchange exchange, @Nullable ModelPrice price, Precision precision) {
        return price == null
                ? tokens.estimate(Tokenizer.OTHER, exchange.facts().texts())
                : estimator.inputTokens(price, exchange.content(), precision);
    }

    private long sent(Exchange exchange, @Nullable ModelPrice price, long textTokens) {
        return price == null ? textTokens : estimator.sentTokens(price, exchange.content(), textTokens);
    }

    private static Tokenizer tokenizer(@Nullable ModelPrice price) {
        return price == null ? Tokenizer.OTHER : price.tokenizer();
    }

    /** The most that went in, looked at closely. */
    Future<Long> countMostInput(Exchange exchange, Target target) {
        ModelPrice price = price(exchange, target).orElse(null);
        return offload.run(() -> mostInput(exchange, price, Precision.EXACT));
    }

    /** The tokens of what was sent. */
    Future<Long> countInput(Exchange exchange, Target target) {
        ModelPrice price = price(exchange, target).orElse(null);
        List<String> texts = exchange.facts().texts().stream().map(Text::value).toList();
        return offload.run(() -> sent(exchange, price, tokens.countForBill(tokenizer(price), texts)));
    }

    /** How much passes of a reply that begins. */
    OutputCount count(Exchange exchange, Target target, ReplyMeter meter) {
        return new OutputCount(meter.output(), passed -> {
            Tokenizer tokenizer = tokenizer(price(exchange, target).orElse(null));
            return offload.run(() -> tokens.countForBill(tokenizer, passed.texts()) + passed.frameTokens());
        });
    }

    /** What a stream that goes on comes to. */
    RunningBill running(Exchange exchange, Target target, ReplyMeter meter) {
        ModelPrice price = price(exchange, target).orElse(null);
        return new RunningBill(
                meter,
                price,
                exchange.facts(),
                () -> mostInput(exchange, price, Precision.QUICK),
                exchange.receivedAt());
    }

    /** Where long work on a reply is done. */
    Offload workers() {
        return offload;
    }
}
