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
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.RateLimit;
import dev.tollgate.value.Usage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what a call needs from the rate limits, and puts it right when the call ends. Stateless; safe on any thread. */
public final class RateKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RateKeeper.class);
    /** Most tokens that a call is taken to write until it has: limits on speed need no worst case. */
    static final long EXPECTED_OUTPUT = 512;

    private static final int BYTES_PER_TOKEN = 4;
    private static final int TOKENS_PER_MEDIUM = 300;

    /** What keys of this node's own counters begin with; ids of limits have no colon. */
    private static final String OWN = "own:";

    private final RateLimiter limiter;
    private final RateLimiter own;
    private final Guard guard;

    /**
     * @param limiter counters that all nodes share
     * @param own counters of this node, for when those cannot be reached
     */
    public RateKeeper(RateLimiter limiter, RateLimiter own, Guard guard) {
        this.limiter = limiter;
        this.own = own;
        this.guard = guard;
    }

    /** Takes from all limits that apply, or from none. No limit applies where that is empty. */
    public Future<Answer> admit(Exchange exchange) {
        return admit(exchange, demands(exchange), limiter);
    }

    /** The same while the shared counters cannot be reached: this node alone keeps to the limits. */
    public Future<Answer> admitAlone(Exchange exchange) {
        return admit(exchange, demands(exchange).stream().map(RateKeeper::alone).toList(), own);
    }

    private static Demand alone(Demand demand) {
        return new Demand(demand.limit(), OWN + demand.key(), demand.target(), demand.amount());
    }

    private static Future<Answer> admit(Exchange exchange, List<Demand> demands, RateLimiter from) {
        return demands.isEmpty()
                ? Future.succeededFuture(
                        new Answer.Admitted(new Allowance(exchange.receivedAt(), List.of()), List.of()))
                : from.admit(exchange.id(), demands);
    }

    private List<Demand> demands(Exchange exchange) {
        List<Demand> demands = new ArrayList<>(guard.demands(exchange));
        RateLimits limits = exchange.policy().view(RateLimits.class);
        if (!limits.isEmpty()) {
            Tokens expected = expected(exchange.facts(), exchange.content().bytes().length);
            demands.addAll(limits.demands(exchange.caller(), exchange.route(), expected, exchange.grant() != null));
        }
        return demands;
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
     * @param cost what it cost; null where nobody knows
     */
    public void end(Exchange exchange, String target, Usage usage, @Nullable NanoUsd cost) {
        if (cost != null && cost.nanos() > 0) {
            guard.spent(exchange, cost);
        }
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
                case REQUESTS, LEAVE -> 0;
                case SPEND -> counts && cost != null ? cost.nanos() : 0;
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

    /**
     * Whether a person has let the subject of a trip go on, now or a short while ago.
     *
     * @param isGiven whether they did with this very call: then it holds from now on
     */
    public Future<Boolean> hasLeave(Exchange exchange, Trip trip, boolean isGiven) {
        return hasLeave(exchange, leave(exchange, trip, isGiven), isGiven, limiter);
    }

    /** The same while the shared counters cannot be reached: as far as this node knows. */
    public Future<Boolean> hasLeaveAlone(Exchange exchange, Trip trip, boolean isGiven) {
        return hasLeave(exchange, alone(leave(exchange, trip, isGiven)), isGiven, own);
    }

    private static Demand leave(Exchange exchange, Trip trip, boolean isGiven) {
        return Guard.leave(exchange.policy().view(Guards.class), trip, isGiven);
    }

    private static Future<Boolean> hasLeave(Exchange exchange, Demand leave, boolean isGiven, RateLimiter from) {
        return from.admit(exchange.id(), List.of(leave))
                .map(answer -> isGiven
                        || switch (answer) {
                            case Answer.Admitted(Allowance standing, List<RateLimit> exceeded) ->
                                standing.shares().get(0).remaining() == 0;
                            case Answer.Refused refused -> false;
                        });
    }

    /** What is found in a call that was admitted. */
    public List<Trip> look(Exchange exchange, List<RateLimit> exceeded) {
        return guard.look(exchange, exceeded);
    }

    /** As {@link Guard#isNews}. */
    public boolean isNews(Trip trip) {
        return guard.isNews(trip);
    }

    /** Gives back all but the request: the call waits for a person, or ends here. */
    public void release(Exchange exchange) {
        end(exchange, "", Usage.NONE, null);
    }

    private void end(Exchange exchange, List<Correction> corrections) {
        if (!corrections.isEmpty()) {
            // A slot comes free with its lease, and a limit on speed is right again after its period.
            boolean isOwn = corrections.get(0).share().key().startsWith(OWN);
            (isOwn ? own : limiter)
                    .end(exchange.id(), corrections)
                    .onFailure(away -> LOG.warn(
                            "exchange {} could not correct its rate limits: {}", exchange.id(), away.toString()));
        }
    }

    /** As {@link RateLimiter#renew}. */
    public Future<Void> renew() {
        return limiter.renew();
    }
}
