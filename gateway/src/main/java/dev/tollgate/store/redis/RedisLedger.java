package dev.tollgate.store.redis;

import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.async.RedisHashAsyncCommands;
import io.lettuce.core.api.async.RedisKeyAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.api.async.RedisStringAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in Redis. Reserve is one script over all counters of an exchange, settle and release are another: one round trip each.
 *
 * <p>Keys, all under one hash tag: {@code epoch}, which says that the counters are there; {@code leases}, a sorted set of live holds by the
 * end of their lease; {@code hold:ID} for each exchange; {@code counter:KEY} with what is spent and what is held.
 */
public final class RedisLedger implements Ledger {
    /** Most nano-dollars that Lua's numbers hold exactly: some 9 million dollars. */
    static final long MAX_AMOUNT = 1L << 53;

    private static final long AFTERLIFE_MS = Duration.ofDays(2).toMillis();
    private static final long REMEMBER_MS = Duration.ofDays(1).toMillis();
    private static final long UNKNOWN_END_MS = Duration.ofDays(40).toMillis();
    private static final int MAX_SWEPT_AT_ONCE = 1_000;
    private static final int MAX_RESTORED_AT_ONCE = 500;
    private static final int REFUSED = 0;
    private static final int GRANTED = 1;

    private final Script reserve = Script.of("reserve.lua", ScriptOutputType.MULTI);
    private final Script finish = Script.of("finish.lua", ScriptOutputType.INTEGER);
    private final Script sweep = Script.of("sweep.lua", ScriptOutputType.INTEGER);
    private final Script restore = Script.of("restore.lua", ScriptOutputType.INTEGER);
    private final Commands redis;
    private final String prefix;
    private final String epoch;
    private final String leases;

    /** The commands that the ledger uses; a single server and a cluster both have them. */
    private record Commands(
            RedisScriptingAsyncCommands<String, String> scripts,
            RedisHashAsyncCommands<String, String> hashes,
            RedisStringAsyncCommands<String, String> strings,
            RedisKeyAsyncCommands<String, String> keys) {}

    /**
     * @param connection an open connection, closed by whoever opened it
     * @param installation names the installation whose money this is; nodes that share it share counters. No braces
     */
    public static RedisLedger on(StatefulRedisConnection<String, String> connection, String installation) {
        RedisAsyncCommands<String, String> redis = connection.async();
        return new RedisLedger(new Commands(redis, redis, redis, redis), installation);
    }

    /** The same on a cluster: one slot holds all keys of an installation. */
    public static RedisLedger on(StatefulRedisClusterConnection<String, String> connection, String installation) {
        RedisAdvancedClusterAsyncCommands<String, String> redis = connection.async();
        return new RedisLedger(new Commands(redis, redis, redis, redis), installation);
    }

    private RedisLedger(Commands redis, String installation) {
        this.redis = redis;
        this.prefix = "{tollgate:" + installation + "}:";
        this.epoch = prefix + "epoch";
        this.leases = prefix + "leases";
    }

    @Override
    public Future<Answer> reserve(ExchangeId exchange, List<Counter> counters, NanoUsd amount, Duration lease) {
        if (amount.nanos() < 0 || amount.nanos() >= MAX_AMOUNT) {
            return Future.failedFuture("cannot hold " + amount + ": at most " + new NanoUsd(MAX_AMOUNT) + " at once");
        }
        if (counters.isEmpty()) {
            return Future.succeededFuture(
                    new Answer.Granted(new Reservation(amount, List.of(), Instant.MAX, "", NanoUsd.ZERO)));
        }
        List<String> arguments = new ArrayList<>();
        arguments.add(exchange.value());
        arguments.add(Long.toString(amount.nanos()));
        arguments.add(Long.toString(lease.toMillis()));
        arguments.add(Long.toString(AFTERLIFE_MS));
        for (Counter counter : counters) {
            arguments.add(Long.toString(Math.min(counter.limit().nanos(), MAX_AMOUNT)));
            arguments.add(
                    counter.endsAt().equals(Instant.MAX)
                            ? "0"
                            : Long.toString(counter.endsAt().toEpochMilli()));
        }
        String[] keys = keys(exchange, counters.stream().map(Counter::key).toList());
        return here(reserve.<List<Long>>call(redis.scripts(), keys, arguments.toArray(String[]::new)))
                .compose(answer -> read(answer, counters, amount));
    }

    private static Future<Answer> read(List<Long> answer, List<Counter> counters, NanoUsd amount) {
        int kind = answer.get(0).intValue();
        if (kind != REFUSED && kind != GRANTED) {
            // A counter that starts again at zero would be a way around its limit.
            return Future.failedFuture(
                    "the counters are not in Redis: it was emptied and is not yet restored from the log");
        }
        Counter tightest = counters.get(answer.get(1).intValue() - 1);
        NanoUsd left = new NanoUsd(answer.get(2));
        if (kind == REFUSED) {
            return Future.succeededFuture(new Answer.Refused(tightest, left));
        }
        Instant leaseUntil = Instant.ofEpochMilli(answer.get(3));
        List<String> keys = counters.stream().map(Counter::key).toList();
        return Future.succeededFuture(
                new Answer.Granted(new Reservation(amount, keys, leaseUntil, tightest.budget(), left)));
    }

    @Override
    public Future<Void> settle(ExchangeId exchange, Reservation held, NanoUsd actual) {
        return end(exchange, held, actual);
    }

    @Override
    public Future<Void> release(ExchangeId exchange, Reservation held) {
        return end(exchange, held, NanoUsd.ZERO);
    }

    private Future<Void> end(ExchangeId exchange, Reservation held, NanoUsd actual) {
        if (held.counters().isEmpty()) {
            return Future.succeededFuture();
        }
        return here(finish.<Long>call(
                        redis.scripts(),
                        keys(exchange, held.counters()),
                        exchange.value(),
                        Long.toString(actual.nanos()),
                        Long.toString(REMEMBER_MS),
                        Long.toString(UNKNOWN_END_MS)))
                .mapEmpty();
    }

    @Override
    public Future<List<Level>> levels(List<String> counters) {
        List<Future<Level>> levels = counters.stream()
                .map(key -> here(redis.hashes().hmget(counterKey(key), "spent", "held"))
                        .map(fields -> level(key, fields)))
                .toList();
        return Future.all(levels).map(all -> all.list());
    }

    private static Level level(String key, List<KeyValue<String, String>> fields) {
        return new Level(key, amount(fields.get(0)), amount(fields.get(1)));
    }

    private static NanoUsd amount(KeyValue<String, String> field) {
        return field.hasValue() ? new NanoUsd(Long.parseLong(field.getValue())) : NanoUsd.ZERO;
    }

    @Override
    public Future<Integer> sweep() {
        return here(sweep.<Long>call(
                        redis.scripts(),
                        new String[] {epoch, leases},
                        holdKey(""),
                        Integer.toString(MAX_SWEPT_AT_ONCE),
                        Long.toString(REMEMBER_MS)))
                .map(Long::intValue);
    }

    @Override
    public Future<Boolean> isIntact() {
        return here(redis.keys().exists(epoch)).map(count -> count > 0);
    }

    @Override
    public Future<Void> restore(Map<String, NanoUsd> spent, List<OpenHold> open) {
        List<List<String>> items = new ArrayList<>();
        spent.forEach((key, amount) -> items.add(List.of("spent", key, Long.toString(amount.nanos()))));
        for (OpenHold hold : open) {
            items.add(List.of(
                    "hold",
                    hold.exchange().value(),
                    Long.toString(hold.held().amount().nanos()),
                    Long.toString(hold.held().leaseUntil().toEpochMilli()),
                    String.join(
                            "\n",
                            hold.held().counters().stream()
                                    .map(this::counterKey)
                                    .toList())));
        }
        return restoreFrom(0, items)
                .compose(unused -> here(redis.strings().set(epoch, "1", SetArgs.Builder.nx())))
                .mapEmpty();
    }

    private Future<Void> restoreFrom(int first, List<List<String>> items) {
        if (first >= items.size()) {
            return Future.succeededFuture();
        }
        int end = Math.min(items.size(), first + MAX_RESTORED_AT_ONCE);
        List<String> arguments = new ArrayList<>(List.of(counterKey(""), holdKey(""), Long.toString(UNKNOWN_END_MS)));
        items.subList(first, end).forEach(arguments::addAll);
        return here(restore.<Long>call(redis.scripts(), new String[] {epoch, leases}, arguments.toArray(String[]::new)))
                .compose(written -> written == 0 ? Future.succeededFuture() : restoreFrom(end, items));
    }

    private String[] keys(ExchangeId exchange, List<String> counters) {
        String[] keys = new String[3 + counters.size()];
        keys[0] = epoch;
        keys[1] = leases;
        keys[2] = holdKey(exchange.value());
        for (int i = 0; i < counters.size(); i++) {
            keys[3 + i] = counterKey(counters.get(i));
        }
        return keys;
    }

    private String counterKey(String key) {
        return prefix + "counter:" + key;
    }

    private String holdKey(String exchange) {
        return prefix + "hold:" + exchange;
    }

    /** Brings an answer back to the event loop that asked. */
    private static <T> Future<T> here(CompletionStage<T> answer) {
        @Nullable Context context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(answer) : Future.fromCompletionStage(answer, context);
    }
}
