package dev.tollgate.store.redis;

import dev.tollgate.budget.CounterPeriod;
import dev.tollgate.budget.Ledger.Counter;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.budget.Ledger.OpenHold;
import dev.tollgate.budget.Ledger.Page;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisHashAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The commands of the ledger, one script each. Answers arrive on the driver's thread, in the order of the commands.
 *
 * <p>Keys, all under one hash tag: {@code nodes}, which tells whose spend is in the counters; {@code leases}, a sorted set of live holds by
 * the end of their lease; {@code hold:ID} for each exchange; {@code open:NODE} with the holds of a node; {@code counters}, the keys of all
 * counters; {@code counter:KEY} with what is spent and what is held.
 */
final class RedisCounters {
    private static final long AFTERLIFE_MS = Duration.ofDays(2).toMillis();
    private static final long REMEMBER_MS = Duration.ofDays(1).toMillis();
    private static final long REMEMBER_SWEPT_MS = Duration.ofDays(40).toMillis();
    private static final int MAX_SWEPT_AT_ONCE = 1_000;
    private static final int MAX_RESTORED_AT_ONCE = 500;
    private static final int MAX_STRUCK_AT_ONCE = 100;
    private static final int LEVELS_AT_ONCE = 500;
    /** Redis's cursor before the first page and behind the last. */
    private static final String ENDS = "0";
    /** Who has a claim to something that is done; ids of nodes have no blanks. */
    private static final String DONE = "it is done";
    /** Keys of an exchange's scripts before those of its counters. */
    private static final int FIXED_KEYS = 5;

    private final Script reserve = Script.of("reserve.lua", ScriptOutputType.MULTI);
    private final Script raise = Script.of("raise.lua", ScriptOutputType.MULTI);
    private final Script finish = Script.of("finish.lua", ScriptOutputType.INTEGER);
    private final Script adopt = Script.of("adopt.lua", ScriptOutputType.INTEGER);
    private final Script claim = Script.of("claim.lua", ScriptOutputType.INTEGER);
    private final Script sweep = Script.of("sweep.lua", ScriptOutputType.INTEGER);
    private final Script restore = Script.of("restore.lua", ScriptOutputType.INTEGER);
    private final Script join = Script.of("join.lua", ScriptOutputType.INTEGER);
    private final Script unfinished = Script.of("unfinished.lua", ScriptOutputType.MULTI);
    private final Script holds = Script.of("holds.lua", ScriptOutputType.MULTI);
    private final Script levels = Script.of("levels.lua", ScriptOutputType.MULTI);
    private final RedisScriptingAsyncCommands<String, String> scripts;
    private final RedisHashAsyncCommands<String, String> hashes;
    private final String node;
    private final String prefix;
    private final String nodes;
    private final String leases;
    private final String open;
    private final String counters;
    private final HoldLines lines;

    RedisCounters(RedisStore.Commands redis, String installation, String node) {
        this.scripts = redis.scripts();
        this.hashes = redis.hashes();
        this.node = node;
        this.prefix = RedisNodes.prefix(installation);
        this.nodes = prefix + RedisNodes.KEY;
        this.leases = prefix + "leases";
        this.open = prefix + "open:" + node;
        this.counters = prefix + "counters";
        this.lines = new HoldLines(counterKey(""));
    }

    /** Answers as {@code reserve.lua} says. */
    CompletionStage<List<Long>> reserve(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        return hold(reserve, exchange, counters, amounts, lease);
    }

    /** Answers as {@code raise.lua} says. */
    CompletionStage<List<Long>> raise(ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        return hold(raise, exchange, counters, amounts, lease);
    }

    private CompletionStage<List<Long>> hold(
            Script script, ExchangeId exchange, List<Counter> counters, Amounts amounts, Duration lease) {
        if (!isExact(counters, amounts)) {
            return CompletableFuture.failedStage(new IllegalArgumentException(
                    "cannot hold " + amounts + ": at most " + RedisLedger.MAX_AMOUNT + " of a unit at once"));
        }
        String[] keys = keys(exchange, counters.size());
        String[] arguments = new String[4 + 4 * counters.size()];
        arguments[0] = exchange.value();
        arguments[1] = Long.toString(lease.toMillis());
        arguments[2] = Long.toString(AFTERLIFE_MS);
        arguments[3] = node;
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            keys[FIXED_KEYS + i] = counterKey(counter.key());
            arguments[4 + 4 * i] = Long.toString(counter.of(amounts));
            arguments[5 + 4 * i] =
                    counter.isEnforced() ? Long.toString(Math.min(counter.limit(), RedisLedger.MAX_AMOUNT)) : "-1";
            arguments[6 + 4 * i] = HoldLines.millis(counter.endsAt());
            arguments[7 + 4 * i] = Integer.toString(counter.before().size());
        }
        return script.call(scripts, keys, arguments);
    }

    private static boolean isExact(List<Counter> counters, Amounts amounts) {
        for (Counter counter : counters) {
            long amount = counter.of(amounts);
            if (amount < 0 || amount >= RedisLedger.MAX_AMOUNT) {
                return false;
            }
        }
        return (amounts.nanos() | amounts.tokens() | amounts.requests()) >= 0;
    }

    /** Answers as {@code finish.lua} says. */
    CompletionStage<Long> finish(NodeBooks.End end) {
        Reservation held = end.held();
        Spend actual = end.actual();
        List<String> counters = held.counters();
        String[] keys = keys(end.exchange(), counters.size());
        String[] arguments = new String[4 + 2 * counters.size()];
        arguments[0] = end.exchange().value();
        arguments[1] = end.isOver() ? Long.toString(REMEMBER_MS) : "0";
        arguments[2] = Long.toString(AFTERLIFE_MS);
        arguments[3] = node;
        for (int i = 0; i < counters.size(); i++) {
            String counter = counters.get(i);
            keys[FIXED_KEYS + i] = counterKey(counter);
            arguments[4 + 2 * i] = actual == null ? "0" : Long.toString(held.chargeTo(counter, actual));
            arguments[5 + 2 * i] = HoldLines.millis(CounterPeriod.endOf(counter));
        }
        return finish.call(scripts, keys, arguments);
    }

    /** Puts in a hold that was made while Redis was away; answers as {@code adopt.lua} says. */
    CompletionStage<Long> adopt(OpenHold hold) {
        return adopt.call(
                scripts,
                keys(hold.exchange(), 0),
                hold.exchange().value(),
                Long.toString(hold.held().leaseUntil().toEpochMilli()),
                lines.write(hold.held()),
                Long.toString(AFTERLIFE_MS),
                node);
    }

    /** Answers as {@code claim.lua} says. */
    CompletionStage<Long> claim(String what, Duration lease) {
        return claim(what, node, lease);
    }

    /** Remembers that it is done. */
    CompletionStage<Long> claimed(String what, Duration lasts) {
        return claim(what, DONE, lasts);
    }

    private CompletionStage<Long> claim(String what, String who, Duration lasts) {
        return claim.call(scripts, new String[] {prefix + "claim:" + what}, who, Long.toString(lasts.toMillis()));
    }

    CompletionStage<Long> sweep() {
        return sweep.call(
                scripts,
                new String[] {nodes, leases, counters},
                holdKey(""),
                Integer.toString(MAX_SWEPT_AT_ONCE),
                Long.toString(REMEMBER_SWEPT_MS),
                node,
                Integer.toString(MAX_STRUCK_AT_ONCE));
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
                .thenApply(holds -> holds.stream().map(lines::readOpen).toList());
    }

    /** Up to {@code max} holds of all nodes. */
    CompletionStage<List<LiveHold>> holds(int max) {
        return holds.<List<List<Object>>>call(scripts, new String[] {leases}, holdKey(""), Integer.toString(max))
                .thenApply(live -> live.stream().map(lines::read).toList());
    }

    /** All counters, or {@code max} and some. */
    CompletionStage<Collection<Level>> levels(int max) {
        return levels("", max, new HashMap<>());
    }

    /** A counter that moved while Redis looked comes twice, and counts once. */
    private CompletionStage<Collection<Level>> levels(String cursor, int max, Map<String, Level> found) {
        return page(cursor, LEVELS_AT_ONCE).thenCompose(page -> {
            page.levels().forEach(level -> found.put(level.key(), level));
            return page.next().isEmpty() || found.size() >= max
                    ? CompletableFuture.completedStage(found.values())
                    : levels(page.next(), max, found);
        });
    }

    /** About so many counters from a cursor on. */
    CompletionStage<Page> page(String cursor, int about) {
        return levels.<List<Object>>call(
                        scripts, new String[] {counters}, cursor.isEmpty() ? ENDS : cursor, Integer.toString(about))
                .thenApply(page -> {
                    List<Level> found = new ArrayList<>(page.size() - 1);
                    for (Object level : page.subList(1, page.size())) {
                        List<?> fields = (List<?>) level;
                        found.add(new Level(
                                String.valueOf(fields.get(0))
                                        .substring(counterKey("").length()),
                                Long.parseLong(String.valueOf(fields.get(1))),
                                Long.parseLong(String.valueOf(fields.get(2)))));
                    }
                    String next = String.valueOf(page.get(0));
                    return new Page(found, next.equals(ENDS) ? "" : next);
                });
    }

    /**
     * Puts this node's part into the counters, if it is not there.
     *
     * @param others nodes whose part must be there as well before anything is granted
     */
    CompletionStage<Long> contribute(NodeBooks.Contribution part, Collection<String> others) {
        List<List<String>> items = new ArrayList<>();
        part.over().forEach(exchange -> items.add(List.of("over", exchange.value())));
        part.spent()
                .forEach((key, spent) -> items.add(
                        List.of("spent", key, Long.toString(spent), HoldLines.millis(CounterPeriod.endOf(key)))));
        for (OpenHold hold : part.live()) {
            Reservation held = hold.held();
            // No lease of ours is without an end; this one is as far as a double is exact.
            long until = held.leaseUntil().equals(Instant.MAX)
                    ? RedisLedger.MAX_AMOUNT
                    : held.leaseUntil().toEpochMilli();
            items.add(List.of("hold", hold.exchange().value(), Long.toString(until), lines.write(held)));
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
                List.of(counterKey(""), holdKey(""), Long.toString(AFTERLIFE_MS), node, Long.toString(REMEMBER_MS)));
        items.subList(first, end).forEach(arguments::addAll);
        return restore.<Long>call(
                        scripts, new String[] {nodes, leases, open, counters}, arguments.toArray(String[]::new))
                .thenCompose(added -> added == 0 ? CompletableFuture.completedStage(0L) : contributeFrom(end, items));
    }

    private String[] keys(ExchangeId exchange, int more) {
        String[] keys = new String[FIXED_KEYS + more];
        keys[0] = nodes;
        keys[1] = leases;
        keys[2] = holdKey(exchange.value());
        keys[3] = open;
        keys[4] = counters;
        return keys;
    }

    private String counterKey(String key) {
        return prefix + "counter:" + key;
    }

    private String holdKey(String exchange) {
        return prefix + "hold:" + exchange;
    }
}
