package dev.tollgate.store.redis;

import static dev.tollgate.store.redis.Homeward.here;

import dev.tollgate.budget.Ledger.Contents;
import dev.tollgate.budget.Ledger.Level;
import dev.tollgate.budget.Ledger.LiveHold;
import io.lettuce.core.KeyValue;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;

/** Reads what counters and holds in Redis say, for those that only look. */
final class LevelAnswers {
    private LevelAnswers() {}

    /** Of these counters, in their order. */
    static Future<List<Level>> levels(RedisCounters redis, List<String> counters) {
        List<Future<Level>> levels = counters.stream()
                .map(key -> here(redis.level(key)).map(fields -> level(key, fields)))
                .toList();
        return Future.all(levels).map(all -> all.list());
    }

    private static Level level(String key, List<KeyValue<String, String>> fields) {
        return new Level(key, amount(fields.get(0)), amount(fields.get(1)));
    }

    private static long amount(KeyValue<String, String> field) {
        return field.hasValue() ? Long.parseLong(field.getValue()) : 0;
    }

    static Future<Contents> contents(RedisCounters redis, int max) {
        return here(redis.levels(max + 1)
                .thenCombine(
                        redis.holds(max + 1),
                        (levels, holds) -> new Contents(
                                levels.stream()
                                        .sorted(Comparator.comparing(Level::key))
                                        .limit(max)
                                        .toList(),
                                holds.stream()
                                        .sorted(Comparator.comparing(LiveHold::since))
                                        .limit(max)
                                        .toList(),
                                levels.size() <= max && holds.size() <= max)));
    }
}
