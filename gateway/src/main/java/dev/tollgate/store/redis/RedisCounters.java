package dev.tollgate.store.redis;

import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.async.RedisHashAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The commands of the ledger, one script each. Answers arrive on the driver's thread, in the order of the commands.
 *
 * <p>Keys, all under one hash tag: {@code nodes}, which tells whose spend is in the counters; {@code leases}, a sorted set of live holds by
 * the end of their lease; {@code hold:ID} for each exchange; {@code open:NODE} with the holds of a node; {@code counter:KEY} with what is
 * spent and what is held.
 */
final class RedisCounters {
    private static final long AFTERLIFE_MS = Duration.ofDays(2).toMillis();
    private static final long REMEMBER_MS = Duration.ofDays(1).toMillis();
    private static final long UNKNOWN_END_MS = Duration.ofDays(40).toMillis();
    private static final int MAX_SWEPT_AT_ONCE = 1_000;
    private static final int MAX_RESTORED_AT_ONCE = 500;

    private final Script reserve = Script.of("reserve.lua", ScriptOutputType.MULTI);
    private final Script finish = Script.of("finish.lua", ScriptOutputType.INTEGER);
    private final Script sweep = Script.of("sweep.lua", ScriptOutputType.INTEGER);
    private final Script restore = Script.of("restore.lua", ScriptOutputType.INTEGER);
    private final Script join = Script.of("join.lua", ScriptOutputType.INTEGER);
    private final Script unfinished = Script.of("unfinished.lua", ScriptOutputType.MULTI);
    private final RedisScriptingAsyncCommands<String, String> scripts;
    private final RedisHashAsyncCommands<String, String> hashes;
    private final String node;
    private final String prefix;
    private final String nodes;
    private final String leases;
    private final String open;

    static RedisCounters on(StatefulRedisConnection<String, String> connection, String installation, String node) {
        RedisAsyncCommands<String, String> redis = connection.async();
        return new RedisCounters(redis, redis, installation, node);
    }

    /** The same on a cluster: one slot holds all keys of an installation. */
    static RedisCounters on(
            StatefulRedisClusterConnection<String, String> connection, String installation, String node) {
        RedisAdvancedClusterAsyncCommands<String, String> redis = connection.async();
        return new RedisCounters(redis, redis, installation, node);
    }

    private RedisCounters(
            RedisScriptingAsyncCommands<String, String> scripts,
            RedisHashAsyncCommands<String, String> hashes,
            String installation,
            String node) {
        this.scripts = scripts;
        this.hashes = hashes;
        this.node = node;
        this.prefix = RedisNodes.prefix(installation);
        this.nodes = prefix + RedisNodes.KEY;
        this.leases = prefix + "leases";
        this.open = prefix + "open:" + node;
    }

    /** Answers as {@code reserve.lua} says. */
    CompletionStage<List<Long>> reserve(ExchangeId exchange, List<Counter> counters, NanoUsd amount, Duration lease) {
        List<String> arguments = new ArrayList<>();
        arguments.add(exchange.value());
        arguments.add(Long.toString(amount.nanos()));
        arguments.add(Long.toString(lease.toMillis()));
        arguments.add(Long.toString(AFTERLIFE_MS));
        arguments.add(node);
        for (Counter counter : counters) {
            arguments.add(Long.toString(Math.min(counter.limit().nanos(), RedisLedger.MAX_AMOUNT)));
            arguments.add(
                    counter.endsAt().equals(Instant.MAX)
                            ? "0"
                            : Long.toString(counter.endsAt().toEpochMilli()));
        }
        String[] keys = keys(exchange, counters.stream().map(Counter::key).toList());
        return reserve.call(scripts, keys, arguments.toArray(String[]::new));
    }

    /** Answers as {@code finish.lua} says. */
    CompletionStage<Long> finish(ExchangeId exchange, List<String> counters, NanoUsd actual) {
        return finish.call(
                scripts,
                keys(exchange, counters),
                exchange.value(),
                Long.toString(actual.nanos()),
                Long.toString(REMEMBER_MS),
                Long.toString(UNKNOWN_END_MS),
                node);
    }

    CompletionStage<Long> sweep() {
        return sweep.call(
                scripts,
                new String[] {nodes, leases},
                holdKey(""),
                Integer.toString(MAX_SWEPT_AT_ONCE),
                Long.toString(UNKNOWN_END_MS),
                node);
    }

    CompletionStage<List<KeyValue<String, String>>> level(String key) {
        return hashes.hmget(counterKey(key), "spent", "held");
    }

    /** State by node, see {@link RedisNodes}. */
    CompletionStage<Map<String, String>> nodes() {
        return hashes.hgetall(nodes).thenApply(RedisNodes::states);
    }

    CompletionStage<List<OpenHold>> unfinished() {
        return unfinished
                .<List<List<Object>>>call(scripts, new String[] {open}, holdKey(""))
                .thenApply(holds -> holds.stream().map(this::openHold).toList());
    }

    private OpenHold openHold(List<Object> fields) {
        String strip = counterKey("");
        List<String> counters = String.valueOf(fields.get(3))
                .lines()
                .map(counter -> counter.substring(strip.length()))
                .toList();
        Instant until = Instant.ofEpochMilli(Long.parseLong(String.valueOf(fields.get(2))));
        NanoUsd amount = new NanoUsd(Long.parseLong(String.valueOf(fields.get(1))));
        return new OpenHold(
                new ExchangeId(String.valueOf(fields.get(0))),
                new Reservation(amount, counters, until, "", NanoUsd.ZERO));
    }

    /**
     * Puts this node's part into the counters, if it is not there.
     *
     * @param others nodes whose part must be there as well before anything is granted
     */
    CompletionStage<Long> contribute(NodeBooks.Contribution part, Collection<String> others) {
        List<List<String>> items = new ArrayList<>();
        part.over().forEach(exchange -> items.add(List.of("over", exchange.value())));
        part.spent().forEach((key, nanos) -> items.add(List.of("spent", key, Long.toString(nanos))));
        for (OpenHold hold : part.live()) {
            Reservation held = hold.held();
            String counters = String.join(
                    "\n", held.counters().stream().map(this::counterKey).toList());
            // No lease of ours is without an end; this one is as far as a double is exact.
            long until = held.leaseUntil().equals(Instant.MAX)
                    ? RedisLedger.MAX_AMOUNT
                    : held.leaseUntil().toEpochMilli();
            items.add(List.of(
                    "hold",
                    hold.exchange().value(),
                    Long.toString(held.amount().nanos()),
                    Long.toString(until),
                    counters));
        }
        return contributeFrom(0, items).thenCompose(joined -> {
            List<String> arguments = new ArrayList<>(List.of(node));
            arguments.addAll(others);
            return join.call(scripts, new String[] {nodes}, arguments.toArray(String[]::new));
        });
    }

    private CompletionStage<Long> contributeFrom(int first, List<List<String>> items) {
        if (first >= items.size()) {
            return CompletableFuture.completedStage(1L);
        }
        int end = Math.min(items.size(), first + MAX_RESTORED_AT_ONCE);
        List<String> arguments = new ArrayList<>(
                List.of(counterKey(""), holdKey(""), Long.toString(UNKNOWN_END_MS), node, Long.toString(REMEMBER_MS)));
        items.subList(first, end).forEach(arguments::addAll);
        return restore.<Long>call(scripts, new String[] {nodes, leases, open}, arguments.toArray(String[]::new))
                .thenCompose(added -> added == 0 ? CompletableFuture.completedStage(0L) : contributeFrom(end, items));
    }

    private String[] keys(ExchangeId exchange, List<String> counters) {
        String[] keys = new String[4 + counters.size()];
        keys[0] = nodes;
        keys[1] = leases;
        keys[2] = holdKey(exchange.value());
        keys[3] = open;
        for (int i = 0; i < counters.size(); i++) {
            keys[4 + i] = counterKey(counters.get(i));
        }
        return keys;
    }

    private String counterKey(String key) {
        return prefix + "counter:" + key;
    }

    private String holdKey(String exchange) {
        return prefix + "hold:" + exchange;
    }
}
