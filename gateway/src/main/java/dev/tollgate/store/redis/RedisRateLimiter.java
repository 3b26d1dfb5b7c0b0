package dev.tollgate.store.redis;

import static dev.tollgate.store.redis.Homeward.here;

import dev.tollgate.budget.RateAnswer;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.exchange.Allowance.Share;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.RateLimit;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rate limits in Redis, shared by all nodes of an installation. One script takes from all limits of a call, another corrects them: one round
 * trip each. The server's clock counts. Counters that Redis loses begin anew: a limit on speed is no budget, and so nothing is put back.
 *
 * <p>A slot has a lease, which its node renews, so that a killed node does not hold it for ever.
 */
public final class RedisRateLimiter implements RateLimiter {
    private static final int MAX_RENEWED_AT_ONCE = 500;
    private static final int ANSWERS = 4;

    private final Script admit = Script.of("admit.lua", ScriptOutputType.MULTI);
    private final Script correct = Script.of("correct.lua", ScriptOutputType.INTEGER);
    private final Script renew = Script.of("renew.lua", ScriptOutputType.INTEGER);
    private final RedisScriptingAsyncCommands<String, String> redis;
    private final String prefix;
    private final String lease;
    /** Counters of the slots that calls of this node have. Ends with each call; bounded by the calls under way. */
    private final Map<ExchangeId, List<String>> slots = new ConcurrentHashMap<>();

    RedisRateLimiter(RedisScriptingAsyncCommands<String, String> redis, String installation, Duration lease) {
        this.redis = redis;
        this.prefix = RedisNodes.prefix(installation) + "rate:";
        this.lease = Long.toString(lease.toMillis());
    }

    @Override
    public Future<Answer> admit(ExchangeId exchange, List<Demand> demands) {
        String[] keys = new String[demands.size()];
        String[] arguments = new String[2 + 6 * demands.size()];
        int at = 0;
        arguments[at++] = exchange.value();
        arguments[at++] = lease;
        for (int i = 0; i < keys.length; i++) {
            Demand demand = demands.get(i);
            RateLimit limit = demand.limit();
            keys[i] = prefix + demand.key();
            arguments[at++] = shape(limit);
            arguments[at++] = Long.toString(limit.capacity());
            arguments[at++] = Long.toString(limit.most());
            arguments[at++] = Long.toString(limit.perMillis());
            arguments[at++] = Long.toString(demand.taken());
            arguments[at++] = limit.isEnforced() ? "1" : "0";
        }
        return here(admit.<List<Long>>call(redis, keys, arguments).thenApply(said -> read(exchange, demands, said)));
    }

    private Answer read(ExchangeId exchange, List<Demand> demands, List<Long> said) {
        RateAnswer answer = new RateAnswer(demands);
        for (int i = 0; i < demands.size(); i++) {
            int at = 1 + ANSWERS * i;
            answer.add(said.get(at), said.get(at + 1), said.get(at + 2), said.get(at + 3));
        }
        Answer whole = answer.at(Instant.ofEpochMilli(said.get(0)));
        if (whole instanceof Answer.Admitted) {
            List<String> taken = demands.stream()
                    .filter(demand -> demand.limit().shape() == RateLimit.Shape.SLOTS)
                    .map(demand -> prefix + demand.key())
                    .toList();
            if (!taken.isEmpty()) {
                slots.put(exchange, taken);
            }
        }
        return whole;
    }

    @Override
    public Future<Void> end(ExchangeId exchange, List<Correction> corrections) {
        // First, so that a slot that cannot be given back now comes free with its lease.
        slots.remove(exchange);
        if (corrections.isEmpty()) {
            return Future.succeededFuture();
        }
        String[] keys = new String[corrections.size()];
        String[] arguments = new String[1 + 5 * keys.length];
        int at = 0;
        arguments[at++] = exchange.value();
        for (int i = 0; i < keys.length; i++) {
            Share share = corrections.get(i).share();
            keys[i] = prefix + share.key();
            arguments[at++] = shape(share.limit());
            arguments[at++] = Long.toString(corrections.get(i).delta());
            arguments[at++] = Long.toString(share.stamp());
            arguments[at++] = Long.toString(share.limit().refillMillis());
            arguments[at++] = Long.toString(share.limit().capacity());
        }
        return here(correct.<Long>call(redis, keys, arguments)).mapEmpty();
    }

    @Override
    public Future<Void> renew() {
        List<String> keys = new ArrayList<>();
        List<String> exchanges = new ArrayList<>();
        slots.forEach((exchange, counters) -> counters.forEach(counter -> {
            keys.add(counter);
            exchanges.add(exchange.value());
        }));
        return here(renewFrom(0, keys, exchanges)).mapEmpty();
    }

    private CompletionStage<Long> renewFrom(int first, List<String> keys, List<String> exchanges) {
        if (first >= keys.size()) {
            return CompletableFuture.completedStage(0L);
        }
        int end = Math.min(keys.size(), first + MAX_RENEWED_AT_ONCE);
        List<String> arguments = new ArrayList<>(List.of(lease));
        arguments.addAll(exchanges.subList(first, end));
        return renew.<Long>call(
                        redis, keys.subList(first, end).toArray(String[]::new), arguments.toArray(String[]::new))
                .thenCompose(renewed -> renewFrom(end, keys, exchanges));
    }

    private static String shape(RateLimit limit) {
        return limit.shape().name().substring(0, 1).toLowerCase(Locale.ROOT);
    }
}
