package dev.tollgate.budget;

import dev.tollgate.budget.RateLimiter.Answer;
import dev.tollgate.budget.RateLimiter.Correction;
import dev.tollgate.budget.RateLimiter.Demand;
import dev.tollgate.budget.RateLimits.Tokens;
import dev.tollgate.exchange.Allowance;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Facts;
import dev.tollgate.exchange.Text;
import dev.tollgate.value.Usage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what a call needs from the rate limits, and puts it right when the call ends. Stateless; safe on any thread. */
public final class RateKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RateKeeper.class);
    /** Most tokens that a call is taken to write until it has: limits on speed need no worst case. */
    static final long EXPECTED_OUTPUT = 512;

    private static final int BYTES_PER_TOKEN = 4;
    private static final int TOKENS_PER_MEDIUM = 300;

    private final RateLimiter limiter;

    public RateKeeper(RateLimiter limiter) {
        this.limiter = limiter;
    }

    /** Takes from all limits that apply, or from none. No limit applies where that is empty. */
    public Future<Answer> admit(Exchange exchange) {
        List<Demand> demands = exchange.policy()
                .view(RateLimits.class)
                .demands(
                        exchange.caller(),
                        exchange.route(),
                        expected(exchange.facts(), exchange.content().bytes().length),
                        exchange.grant() != null);
        return demands.isEmpty()
                ? Future.succeededFuture(
                        new Answer.Admitted(new Allowance(exchange.receivedAt(), List.of()), List.of()))
                : limiter.admit(exchange.id(), demands);
    }

    /** About as many tokens as the call will use; what it did use is counted when it ends. */
    private static Tokens expected(Facts facts, int bodyBytes) {
        if (!facts.generates()) {
            return new Tokens(bodyBytes / BYTES_PER_TOKEN, 0, 0);
        }
        long bytes = 0;
        for (Text text : facts.texts()) {
            bytes += text.end() - text.start();
        }
        long input = bytes / BYTES_PER_TOKEN + (long) facts.notScanned().size() * TOKENS_PER_MEDIUM;
        Long asked = facts.maxOutputTokens();
        return new Tokens(input, 0, asked == null ? EXPECTED_OUTPUT : Math.min(EXPECTED_OUTPUT, asked));
    }

    /**
     * Counts what the call did use, and gives its slots back.
     *
     * @param target what served it, as {@link dev.tollgate.exchange.Target#toString} writes it; empty where nothing did
     */
    public void end(Exchange exchange, String target, Usage usage) {
        Allowance taken = exchange.allowance();
        if (taken == null || taken.shares().isEmpty()) {
            return;
        }
        RateLimits limits = exchange.policy().view(RateLimits.class);
        Tokens used = new Tokens(usage.totalInput(), usage.cacheRead(), usage.totalOutput());
        List<Correction> corrections = new ArrayList<>(taken.shares().size());
        for (Share share : taken.shares()) {
            boolean counts = share.target().isEmpty() || share.target().equals(target);
            long delta = switch (share.limit().metric()) {
                // A request stays one, whatever became of it.
                case REQUESTS -> 0;
                case CONCURRENCY -> -1;
                case TOKENS, INPUT_TOKENS, OUTPUT_TOKENS ->
                    (counts ? limits.used(share.limit(), used) : 0) - share.amount();
            };
            if (delta != 0) {
                corrections.add(new Correction(share, delta));
            }
        }
        end(exchange, corrections);
    }

    /** Gives back all but the request: the call waits for a person. */
    public void release(Exchange exchange) {
        end(exchange, "", Usage.NONE);
    }

    private void end(Exchange exchange, List<Correction> corrections) {
        if (!corrections.isEmpty()) {
            // A slot comes free with its lease, and a limit on speed is right again after its period.
            limiter.end(exchange.id(), corrections)
                    .onFailure(away -> LOG.warn(
                            "exchange {} could not correct its rate limits: {}", exchange.id(), away.toString()));
        }
    }

    /** As {@link RateLimiter#renew}. */
    public Future<Void> renew() {
        return limiter.renew();
    }
}
